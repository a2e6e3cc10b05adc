package io.contextdb.tck.differential;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Documents in two collections, one of them with indexes. */
final class DocumentModel implements Model {
    private static final List<String> COLLECTIONS = List.of("c", "c'd é");
    private static final List<String> IDS = List.of("1", "10", "2", "é", "e\u0301", "😀", "\uffff", "a/b%_");
    private static final List<Field> FIELDS = List.of(Field.id(), Field.subject());

    private final Pool pool;

    DocumentModel(Pool pool) {
        this.pool = pool;
    }

    @Override
    public List<Symbol<Mutation>> opening() {
        List<Symbol<Mutation>> all = new ArrayList<>();
        IDS.subList(0, 5).forEach(id -> all.add(put(COLLECTIONS.get(0), id)));
        return all;
    }

    @Override
    public Symbol<Mutation> mutation() {
        String collection = pool.one(COLLECTIONS);
        String id = pool.one(IDS);
        Symbol<Condition> condition = pool.condition(Write.document(collection, id));
        return switch (pool.below(20)) {
            case 0 -> {
                List<String> path = pool.path().path();
                yield Symbol.of(
                        side -> new DocumentMutation.DeclareIndex(COLLECTIONS.get(1), path),
                        side -> "new DocumentMutation.DeclareIndex(" + JavaText.arguments(COLLECTIONS.get(1), path)
                                + ")");
            }
            case 1, 2, 3, 4 ->
                Symbol.of(
                        side -> new DocumentMutation.DeleteDocument(collection, id, condition.on(side)),
                        side -> "new DocumentMutation.DeleteDocument(" + JavaText.arguments(collection, id) + ", "
                                + condition.java(side) + ")");
            case 5, 6, 7, 8, 9 -> {
                PropertyMap patch = pool.properties();
                yield Symbol.of(
                        side -> new DocumentMutation.PatchDocument(collection, id, patch, condition.on(side)),
                        side -> "new DocumentMutation.PatchDocument(" + JavaText.arguments(collection, id, patch) + ", "
                                + condition.java(side) + ")");
            }
            default -> put(collection, id);
        };
    }

    private Symbol<Mutation> put(String collection, String id) {
        PropertyMap body = pool.properties();
        String subject = pool.oneIn(2) ? "" : pool.one(Pool.SUBJECTS);
        Symbol<Condition> condition = pool.condition(Write.document(collection, id));
        return Symbol.of(
                side -> new DocumentMutation.PutDocument(collection, id, body, subject, condition.on(side)),
                side -> "new DocumentMutation.PutDocument(" + JavaText.arguments(collection, id, body, subject) + ", "
                        + condition.java(side) + ")");
    }

    @Override
    public Action read() {
        String collection = pool.one(COLLECTIONS);
        List<String> ids = pool.some(IDS);
        Filter filter = pool.filter(FIELDS, 3);
        return switch (pool.below(6)) {
            case 0, 1 ->
                new Read(
                        side -> "documents(" + JavaText.of(collection) + ").get(" + JavaText.of(ids) + ")",
                        side -> side.view()
                                .all(
                                        side.namespace().documents(collection).get(ids),
                                        document -> side.view().document(collection, document)));
            case 2 ->
                new Read(
                        side -> "documents(" + JavaText.of(collection) + ").count(" + JavaText.of(filter) + ")",
                        side -> side.namespace().documents(collection).count(filter));
            default -> find(collection, pool.oneIn(3) ? Filter.everything() : filter);
        };
    }

    private Action find(String collection, Filter filter) {
        List<SortKey> sort = new ArrayList<>();
        for (int n = pool.below(3); n > 0; n--) {
            sort.add(new SortKey(pool.oneIn(6) ? Field.subject() : pool.path(), pool.oneIn(2)));
        }
        int size = pool.pageSize();
        String keys = sort.stream()
                .map(key -> "new SortKey(" + JavaText.arguments(key.field(), key.descending()) + ")")
                .collect(Collectors.joining(", ", "List.of(", ")"));
        return new Read(
                side -> "documents(" + JavaText.of(collection) + ").find(" + JavaText.of(filter) + ", " + keys
                        + ", PageRequest.first(" + size + ")); // and the pages that follow",
                side -> {
                    List<String> all = new ArrayList<>();
                    PageRequest request = PageRequest.first(size);
                    Page<Document> page;
                    do {
                        page = side.namespace().documents(collection).find(filter, sort, request);
                        all.add(page.items().size() + " documents");
                        all.addAll(side.view()
                                .all(page.items(), document -> side.view().document(collection, document)));
                        request = request.after(page.next());
                    } while (page.hasNext());
                    return all;
                });
    }
}
