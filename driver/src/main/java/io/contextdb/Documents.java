package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Paging;
import io.contextdb.internal.call.Session;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** A collection of JSON documents, each with an id of 1 to 512 bytes in UTF-8 (contract D). Thread-safe. */
public final class Documents {
    private final Session session;
    private final NamespaceName namespace;
    private final String collection;

    Documents(Session session, NamespaceName namespace, String collection) {
        Arguments.collection(collection);
        this.session = session;
        this.namespace = namespace;
        this.collection = collection;
    }

    /** Puts a document and returns its version (D1). */
    public long put(String id, PropertyMap body) {
        return put(id, body, Condition.none());
    }

    /** Puts a document under a condition and returns its version, or 0 if it was skipped as asked. */
    public long put(String id, PropertyMap body, Condition condition) {
        return Results.version(one(new DocumentMutation.PutDocument(collection, id, body, "", condition)));
    }

    /** Puts documents, in one batch. */
    public void putAll(Map<String, PropertyMap> bodies) {
        session.apply(
                namespace,
                Arguments.some("bodies", bodies).entrySet().stream()
                        .map(entry -> DocumentMutation.PutDocument.of(collection, entry.getKey(), entry.getValue()))
                        .toList());
    }

    /** Applies a JSON merge patch (RFC 7396) and returns the document's version (D3). */
    public long patch(String id, PropertyMap patch) {
        return patch(id, patch, Condition.none());
    }

    /** Applies a JSON merge patch under a condition and returns the version, or 0 if it was skipped as asked. */
    public long patch(String id, PropertyMap patch, Condition condition) {
        return Results.version(one(new DocumentMutation.PatchDocument(collection, id, patch, condition)));
    }

    /** Removes a document and returns whether it was there. */
    public boolean delete(String id) {
        return Results.removed(one(new DocumentMutation.DeleteDocument(collection, id, Condition.none()))) > 0;
    }

    /** Declares that a path is often filtered or sorted by; changes speed only (D4). */
    public void declareIndex(String... path) {
        one(new DocumentMutation.DeclareIndex(collection, Arguments.all("index.path", path)));
    }

    /** Returns a document. */
    public Optional<Document> get(String id) {
        return Results.only(read(List.of(Arguments.documentId(id))));
    }

    /** Returns documents, in the order asked; absent ones are left out. */
    public List<Document> get(Collection<String> ids) {
        return read(Arguments.documentIds(ids));
    }

    /** Returns a page of the documents that match, sorted by some keys, then by id (D2). */
    public Page<Document> find(Filter filter, List<SortKey> sort, PageRequest page) {
        DocumentQuery query = new DocumentQuery(collection, filter, sort, page);
        return read("documents.find", (documents, scope) -> documents.find(scope, query));
    }

    /** Returns all documents that match, sorted by some keys, then by id (D2). */
    public Stream<Document> findAll(Filter filter, SortKey... sort) {
        DocumentQuery query = DocumentQuery.of(collection, Arguments.required("filter", filter))
                .sort(sort);
        return Paging.stream(page -> find(filter, query.sort(), page));
    }

    /** Returns how many documents match. */
    public long count(Filter filter) {
        Arguments.required("filter", filter);
        return read("documents.count", (documents, scope) -> documents.count(scope, collection, filter));
    }

    private List<Document> read(List<String> ids) {
        return read("documents.get", (documents, scope) -> documents.get(scope, collection, ids));
    }

    private MutationResult one(DocumentMutation mutation) {
        return session.apply(namespace, List.of(mutation)).results().get(0);
    }

    private <T> T read(String operation, BiFunction<DocumentReader, ReadScope, T> call) {
        return session.read(
                namespace, Capability.DOCUMENTS, operation, (backend, scope) -> call.apply(backend.documents(), scope));
    }
}
