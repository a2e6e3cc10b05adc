package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.receipt;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.DocumentMutation.DeclareIndex;
import io.contextdb.spi.write.DocumentMutation.DeleteDocument;
import io.contextdb.spi.write.DocumentMutation.PutDocument;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mistakes with documents and their collections. */
final class DocumentDefects {
    private DocumentDefects() {}

    static List<Defect> all() {
        return documents();
    }

    private static List<Document> current(Call call, DocumentMutation mutation, String id) {
        return call.healthy().documents().get(call.before(), mutation.collection(), List.of(id));
    }

    private static PutDocument with(PutDocument put, String collection, String id) {
        return new PutDocument(collection, id, put.body(), put.subject(), put.condition());
    }

    /** Ids are spelled differently in the store. */
    private static Defect spelled(String id, String sentence, UnaryOperator<String> change) {
        return of(
                id,
                sentence,
                "D1",
                replaced(PutDocument.class, put -> with(put, put.collection(), change.apply(put.id())))
                        .and(in("documents.get", call -> {
                            List<String> ids = call.asked(String.class).stream()
                                    .map(change)
                                    .toList();
                            return call.with(Collection.class, ids).proceed();
                        })));
    }

    private static List<Defect> documents() {
        return List.of(
                spelled(
                        "document-ids-case-folded",
                        "Ids of documents are compared without case.",
                        id -> id.toLowerCase(Locale.ROOT)),
                spelled(
                        "document-ids-normalised",
                        "Ids of documents are brought into Unicode normal form C.",
                        id -> Normalizer.normalize(id, Normalizer.Form.NFC)),
                spelled(
                        "document-ids-trimmed",
                        "Blanks at the end of document ids are cut off.",
                        id -> id.isBlank() ? id : id.stripTrailing()),
                spelled(
                        "document-ids-cut-at-255",
                        "Ids of documents are cut to 255 bytes.",
                        id -> id.length() > 255 ? id.substring(0, 255) : id),
                of(
                        "collections-case-folded",
                        "Names of collections are compared without case.",
                        "D1",
                        call -> call.rewriting(
                                        PutDocument.class,
                                        put -> with(put, put.collection().toLowerCase(Locale.ROOT), put.id()))
                                .rewriting(
                                        DocumentQuery.class,
                                        q -> new DocumentQuery(
                                                q.collection().toLowerCase(Locale.ROOT),
                                                q.filter(),
                                                q.sort(),
                                                q.page()))
                                .proceed()),
                of(
                        "collections-as-prefixes",
                        "Finding in a collection looks into those whose names start with its name.",
                        "D1",
                        in("documents.find", call -> {
                            DocumentQuery q = call.argument(DocumentQuery.class);
                            List<Document> all = new ArrayList<>();
                            for (String name : call.healthy().documents().collections(call.scope())) {
                                if (name.startsWith(q.collection())) {
                                    all.addAll(call.healthy()
                                            .documents()
                                            .find(call.scope(), new DocumentQuery(name, q.filter(), q.sort(), q.page()))
                                            .items());
                                }
                            }
                            return q.page().cursor().isEmpty()
                                            && all.size() < q.page().limit()
                                    ? io.contextdb.spi.value.Page.last(all)
                                    : call.proceed();
                        })),
                of(
                        "documents-in-order-of-id",
                        "Documents are returned in the order of their ids, not as asked.",
                        "G12 D1",
                        listed(
                                "documents.get",
                                (List<Document> documents) -> documents.stream()
                                        .sorted(Comparator.comparing(Document::id))
                                        .toList())),
                of(
                        "documents-answered-twice",
                        "A document that is asked for twice is returned twice.",
                        "G12 D1",
                        in("documents.get", call -> {
                            Map<String, Document> byId = new HashMap<>();
                            call.<Document>list().forEach(document -> byId.put(document.id(), document));
                            List<Document> each = new ArrayList<>();
                            call.asked(String.class)
                                    .forEach(id -> java.util.Optional.ofNullable(byId.get(id))
                                            .ifPresent(each::add));
                            return each;
                        })),
                of(
                        "put-merges",
                        "Putting a document merges it into the older one.",
                        "D1",
                        in(
                                "apply",
                                call -> call.rewriting(PutDocument.class, put -> {
                                            List<Document> old = current(call, put, put.id());
                                            return old.isEmpty()
                                                    ? put
                                                    : new PutDocument(
                                                            put.collection(),
                                                            put.id(),
                                                            old.get(0).body().patched(put.body()),
                                                            put.subject(),
                                                            put.condition());
                                        })
                                        .proceed())),
                of(
                        "document-versions-constant",
                        "Every document has version 1.",
                        "D1 G8",
                        seen(
                                        Document.class,
                                        document -> new Document(
                                                document.id(),
                                                document.body(),
                                                document.subject(),
                                                1,
                                                document.updatedAt()))
                                .and(receipt((mutation, result) ->
                                        mutation instanceof DocumentMutation && result instanceof MutationResult.Written
                                                ? new MutationResult.Written(1)
                                                : result))),
                remembering(
                        "document-versions-restart",
                        "The versions of a document start over when it was deleted.",
                        "D1 G8",
                        () -> {
                            Map<String, Long> bases = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                NamespaceName name = call.batch().namespace();
                                for (Mutation mutation : call.batch().mutations()) {
                                    if (mutation instanceof DeleteDocument delete) {
                                        current(call, delete, delete.id())
                                                .forEach(old -> bases.put(name + " " + delete.id(), old.version()));
                                    }
                                }
                                return receipt((mutation, result) -> mutation instanceof PutDocument put
                                                        && result instanceof MutationResult.Written done
                                                ? new MutationResult.Written(Math.max(
                                                        1,
                                                        done.version() - bases.getOrDefault(name + " " + put.id(), 0L)))
                                                : result)
                                        .answer(call);
                            });
                        }),
                of(
                        "document-deletions-always-succeed",
                        "Deleting a document that does not exist says that it did.",
                        "D1",
                        receipt((mutation, result) ->
                                mutation instanceof DeleteDocument ? new MutationResult.Removed(1) : result)),
                of(
                        "document-time-lost",
                        "Documents do not say when they were written.",
                        "D1",
                        seen(
                                Document.class,
                                document -> new Document(
                                        document.id(),
                                        document.body(),
                                        document.subject(),
                                        document.version(),
                                        java.time.Instant.EPOCH))),
                of(
                        "empty-document-is-absent",
                        "A document without members is taken for absent.",
                        "D1",
                        Fault.hidden(
                                "documents.get",
                                Document.class,
                                document -> document.body().asMap().isEmpty())),
                of(
                        "keys-with-dots-nested",
                        "A key with dots is taken for a path.",
                        "D1 G3",
                        replaced(
                                PutDocument.class,
                                put -> new PutDocument(
                                        put.collection(),
                                        put.id(),
                                        undotted(put.body()),
                                        put.subject(),
                                        put.condition()))),
                of(
                        "emptied-collections-listed",
                        "Collections that are empty are listed.",
                        "D1",
                        in("documents.collections", call -> {
                            List<String> names = new ArrayList<>(call.<String>list());
                            names.add("\uFFFD empty");
                            return names;
                        })),
                remembering(
                        "index-narrows-answers",
                        "An index on a path finds only the values of the first type that was seen.",
                        "D4",
                        () -> {
                            Set<String> indexed = ConcurrentHashMap.newKeySet();
                            return call -> {
                                if (call.is("apply")) {
                                    call.batch().mutations().stream()
                                            .filter(DeclareIndex.class::isInstance)
                                            .forEach(declare ->
                                                    indexed.add(call.batch().namespace()
                                                            + ((DeclareIndex) declare).collection()
                                                            + ((DeclareIndex) declare).path()));
                                }
                                return call.is("documents.find")
                                        ? call.rewriting(
                                                        Filter.Comparison.class,
                                                        term -> indexed.contains(call.scope()
                                                                                        .namespace()
                                                                                + call.argument(DocumentQuery.class)
                                                                                        .collection()
                                                                                + term.field()
                                                                                        .path())
                                                                        && term.value() instanceof Number
                                                                ? Filter.and(
                                                                        term,
                                                                        Filter.ge(term.field(), -1e300),
                                                                        Filter.lt(term.field(), 2))
                                                                : term)
                                                .proceed()
                                        : call.proceed();
                            };
                        }),
                remembering("index-hides-the-absent", "An index on a path hides documents without it.", "D4", () -> {
                    Set<String> indexed = ConcurrentHashMap.newKeySet();
                    return call -> {
                        if (call.is("apply")) {
                            call.batch().mutations().stream()
                                    .filter(DeclareIndex.class::isInstance)
                                    .forEach(declare -> indexed.add(call.batch().namespace()
                                            + ((DeclareIndex) declare).collection()
                                            + ((DeclareIndex) declare).path()));
                        }
                        return call.is("documents.find")
                                ? call.rewriting(
                                                Filter.Not.class,
                                                not -> not.operand() instanceof Filter.Comparison term
                                                                && indexed.contains(call.scope()
                                                                                .namespace()
                                                                        + call.argument(DocumentQuery.class)
                                                                                .collection()
                                                                        + term.field()
                                                                                .path())
                                                        ? Filter.and(Filter.exists(term.field()), not)
                                                        : not)
                                        .proceed()
                                : call.proceed();
                    };
                }),
                of(
                        "find-filter-ignored",
                        "Finds ignore their filter.",
                        "D2 V6",
                        asked("documents.find", Filter.class, filter -> Filter.everything())),
                of(
                        "document-count-of-everything",
                        "Counts of documents ignore the filter.",
                        "D2 V6",
                        asked("documents.count", Filter.class, filter -> Filter.everything())));
    }

    private static PropertyMap undotted(PropertyMap body) {
        PropertyMap result = PropertyMap.empty();
        for (Map.Entry<String, @Nullable Object> entry : body.asMap().entrySet()) {
            int dot = entry.getKey().indexOf('.');
            result = dot > 0
                    ? result.with(
                            entry.getKey().substring(0, dot),
                            PropertyMap.of(entry.getKey().substring(dot + 1), entry.getValue()))
                    : result.with(entry.getKey(), entry.getValue());
        }
        return result;
    }
}
