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
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.DocumentMutation.DeclareIndex;
import io.contextdb.spi.write.DocumentMutation.DeleteDocument;
import io.contextdb.spi.write.DocumentMutation.PatchDocument;
import io.contextdb.spi.write.DocumentMutation.PutDocument;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mistakes with documents and their collections. */
final class DocumentDefects {
    private DocumentDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(documents());
        all.addAll(patches());
        all.addAll(sorting());
        return all;
    }

    private static List<Document> current(Call call, DocumentMutation mutation, String id) {
        return call.healthy().documents().get(NodeDefects.scope(call), mutation.collection(), List.of(id));
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
                            Object ids = call.argument(java.util.Collection.class).stream()
                                    .map(asked -> change.apply((String) asked))
                                    .toList();
                            return call.with(java.util.Collection.class, (java.util.Collection<?>) ids)
                                    .proceed();
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
                            call.argument(java.util.Collection.class)
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

    private static Fault patched(Function<PatchDocument, Function<PropertyMap, PropertyMap>> merge) {
        return in(
                "apply",
                call -> call.rewriting(PatchDocument.class, patch -> {
                            List<Document> old = current(call, patch, patch.id());
                            call.late();
                            PropertyMap before = old.isEmpty()
                                    ? PropertyMap.empty()
                                    : old.get(0).body();
                            return new PutDocument(
                                    patch.collection(),
                                    patch.id(),
                                    merge.apply(patch).apply(before),
                                    old.isEmpty() ? "" : old.get(0).subject(),
                                    patch.condition());
                        })
                        .proceed());
    }

    private static PropertyMap shallow(PropertyMap before, PropertyMap patch, boolean keepNulls) {
        PropertyMap after = before;
        for (Map.Entry<String, @Nullable Object> entry : patch.asMap().entrySet()) {
            after = entry.getValue() == null && !keepNulls
                    ? after.without(entry.getKey())
                    : after.with(entry.getKey(), entry.getValue());
        }
        return after;
    }

    private static List<Defect> patches() {
        return List.of(
                of("patch-replaces", "A patch replaces the document.", "D3", patched(patch -> before -> patch.patch())),
                of(
                        "patch-is-shallow",
                        "A patch replaces nested objects.",
                        "D3",
                        patched(patch -> before -> shallow(before, patch.patch(), false))),
                of(
                        "patch-keeps-nulls",
                        "A null in a patch is stored, instead of removing the member.",
                        "D3",
                        patched(patch -> before -> shallow(before, patch.patch(), true))),
                of(
                        "patch-nested-nulls-kept",
                        "A null in a nested object of a patch is stored where the object is new.",
                        "D3",
                        patched(patch -> before -> {
                            PropertyMap after = before.patched(patch.patch());
                            for (Map.Entry<String, @Nullable Object> entry :
                                    patch.patch().asMap().entrySet()) {
                                if (entry.getValue() instanceof Map && !before.contains(entry.getKey())) {
                                    after = after.with(entry.getKey(), entry.getValue());
                                }
                            }
                            return after;
                        })),
                of(
                        "patch-appends-to-lists",
                        "A list in a patch is appended to the older one.",
                        "D3",
                        patched(patch -> before -> {
                            PropertyMap after = before.patched(patch.patch());
                            for (Map.Entry<String, @Nullable Object> entry :
                                    patch.patch().asMap().entrySet()) {
                                if (entry.getValue() instanceof List<?> list
                                        && before.get(entry.getKey()) instanceof List<?> old) {
                                    List<@Nullable Object> both = new ArrayList<>(old);
                                    both.addAll(list);
                                    after = after.with(entry.getKey(), both);
                                }
                            }
                            return after;
                        })),
                of(
                        "patch-needs-a-document",
                        "A patch of a document that does not exist does nothing.",
                        "D3",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof PatchDocument patch
                                                && current(call, patch, patch.id())
                                                        .isEmpty()
                                        ? call.with(
                                                        io.contextdb.spi.write.WriteBatch.class,
                                                        io.contextdb.spi.write.WriteBatch.of(
                                                                call.batch().namespace(),
                                                                List.of(new PutDocument(
                                                                        "\u0001",
                                                                        "\u0001",
                                                                        PropertyMap.empty(),
                                                                        "",
                                                                        Condition.none()))))
                                                .proceed()
                                        : call.proceed())),
                of(
                        "patch-without-lock",
                        "A document is read before, not within, the commit of its patch.",
                        "D3 G13",
                        patched(patch -> before -> before.patched(patch.patch()))),
                of(
                        "patch-loses-the-subject",
                        "A patched document is about nothing.",
                        "D3 N6",
                        in(
                                "apply",
                                call -> call.rewriting(PatchDocument.class, patch -> {
                                            List<Document> old = current(call, patch, patch.id());
                                            return old.isEmpty()
                                                            || old.get(0)
                                                                    .subject()
                                                                    .isEmpty()
                                                    ? patch
                                                    : new PutDocument(
                                                            patch.collection(),
                                                            patch.id(),
                                                            old.get(0).body().patched(patch.patch()),
                                                            "",
                                                            patch.condition());
                                        })
                                        .proceed())));
    }

    private static Defect sorted(String id, String sentence, Function<SortKey, Comparator<Document>> order) {
        return of(id, sentence, "D2", in("documents.find", call -> {
            DocumentQuery q = call.argument(DocumentQuery.class);
            return q.sort().isEmpty()
                    ? call.proceed()
                    : Rewriting.items(
                            call.proceed(),
                            (List<Document> documents) -> documents.stream()
                                    .sorted(order.apply(q.sort().get(0)))
                                    .toList());
        }));
    }

    private static Comparator<Document> directed(SortKey key, Comparator<Document> order) {
        return key.descending() ? order.reversed() : order;
    }

    private static List<Defect> sorting() {
        return List.of(
                sorted(
                        "absent-sorted-last",
                        "Documents without the field are sorted last.",
                        key -> directed(key, Comparator.comparing((Document document) -> !document.has(key.field())))),
                sorted(
                        "null-sorted-as-absent",
                        "A null and an absent field are sorted alike.",
                        key -> (a, b) -> a.value(key.field()) == null && b.value(key.field()) == null
                                ? -a.id().compareTo(b.id())
                                : 0),
                sorted(
                        "numbers-sorted-by-type",
                        "Integers are sorted before floats.",
                        key -> directed(
                                key,
                                (a, b) -> a.value(key.field()) instanceof Long && b.value(key.field()) instanceof Double
                                        ? -1
                                        : a.value(key.field()) instanceof Double && b.value(key.field()) instanceof Long
                                                ? 1
                                                : 0)),
                sorted(
                        "strings-sorted-by-utf-16",
                        "Strings are sorted by UTF-16 units.",
                        key -> directed(
                                key,
                                (a, b) -> a.value(key.field()) instanceof String x
                                                && b.value(key.field()) instanceof String y
                                        ? x.compareTo(y)
                                        : 0)),
                sorted(
                        "ties-reversed-with-the-direction",
                        "A descending sort reverses ties too.",
                        key -> key.descending()
                                ? SortKey.order(List.of(new SortKey(key.field(), false)))
                                        .reversed()
                                : SortKey.order(List.of(key))),
                of(
                        "second-sort-key-ignored",
                        "Only the first key of a sort counts.",
                        "D2",
                        asked(
                                "documents.find",
                                DocumentQuery.class,
                                q -> new DocumentQuery(
                                        q.collection(),
                                        q.filter(),
                                        q.sort().isEmpty() ? q.sort() : q.sort().subList(0, 1),
                                        q.page()))),
                of(
                        "direction-ignored",
                        "Every sort is ascending.",
                        "D2",
                        asked("documents.find", SortKey.class, key -> new SortKey(key.field(), false))),
                of(
                        "sort-by-the-top",
                        "Only the first step of a path is sorted by.",
                        "D2",
                        asked(
                                "documents.find",
                                SortKey.class,
                                key -> new SortKey(
                                        Field.property(key.field().path().get(0)), key.descending()))),
                of(
                        "documents-unordered",
                        "Without a sort, documents come in the order of their hashes.",
                        "D2 G12",
                        in(
                                "documents.find",
                                call -> call.argument(DocumentQuery.class)
                                                .sort()
                                                .isEmpty()
                                        ? Rewriting.items(
                                                call.proceed(),
                                                (List<Document> documents) -> documents.stream()
                                                        .sorted(Comparator.comparing(document ->
                                                                document.id().hashCode()))
                                                        .toList())
                                        : call.proceed())));
    }
}
