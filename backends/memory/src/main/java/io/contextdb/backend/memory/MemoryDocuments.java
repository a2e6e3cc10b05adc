package io.contextdb.backend.memory;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;

/** Reads of documents: each call takes a snapshot. */
record MemoryDocuments(Session session) implements DocumentReader {
    @Override
    public List<Document> get(ReadScope scope, String collection, Collection<String> ids) {
        var documents = session.state(scope).documents().collection(collection);
        List<Document> found = new ArrayList<>();
        for (String id : new LinkedHashSet<>(ids)) {
            Document document = documents.get(id);
            if (document != null) {
                found.add(document);
            }
        }
        return found;
    }

    @Override
    public Page<Document> find(ReadScope scope, DocumentQuery query) {
        Comparator<Document> order = SortKey.order(query.sort());
        Stream<Document> matching = matching(scope, query.collection(), query.filter());
        List<String> cursor = Cursor.read(query.page(), "documents", 3);
        if (!cursor.isEmpty()) {
            Document after = last(cursor);
            matching = matching.filter(document -> order.compare(document, after) > 0);
        }
        List<Document> read =
                matching.sorted(order).limit(query.page().limit() + 1L).toList();
        return Page.of(
                read,
                query.page().limit(),
                last -> Cursor.of("documents", last.id(), last.subject(), sorted(last, query)));
    }

    /** The fields that decide a document's place, so that a cursor needs no more of it. */
    private static String sorted(Document document, DocumentQuery query) {
        PropertyMap patch = PropertyMap.empty();
        for (SortKey key : query.sort()) {
            if (document.has(key.field())) {
                PropertyMap nested = PropertyMap.empty();
                List<String> path = key.field().path();
                for (int i = path.size() - 1; i >= 0; i--) {
                    nested = PropertyMap.of(path.get(i), i == path.size() - 1 ? document.value(key.field()) : nested);
                }
                patch = merged(patch, nested);
            }
        }
        return PropertyJson.write(patch);
    }

    /** A merge patch would drop nulls, which have a place of their own in the order. */
    private static PropertyMap merged(PropertyMap left, PropertyMap right) {
        PropertyMap all = left;
        for (var entry : right.asMap().entrySet()) {
            var inLeft = left.map(entry.getKey());
            var inRight = right.map(entry.getKey());
            all = all.with(
                    entry.getKey(),
                    inLeft.isPresent() && inRight.isPresent() ? merged(inLeft.get(), inRight.get()) : entry.getValue());
        }
        return all;
    }

    private static Document last(List<String> cursor) {
        try {
            return new Document(cursor.get(0), PropertyJson.read(cursor.get(2)), cursor.get(1), 1, Instant.EPOCH);
        } catch (InvalidRequestException malformed) {
            throw Cursor.malformed();
        }
    }

    @Override
    public long count(ReadScope scope, String collection, Filter filter) {
        return matching(scope, collection, filter).count();
    }

    @Override
    public List<String> collections(ReadScope scope) {
        return List.copyOf(session.state(scope).documents().collections().keySet());
    }

    private Stream<Document> matching(ReadScope scope, String collection, Filter filter) {
        return session.state(scope).documents().collection(collection).values().stream()
                .filter(filter::matches);
    }
}
