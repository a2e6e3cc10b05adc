package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of documents (contract D); versions rise even across removal, as those of keys do. */
final class DocumentChanges implements Changes<DocumentMutation> {
    /** Bodies are read only of documents that are patched. */
    private static final String LOAD = """
            SELECT d.collection, d.id, d.version, d.subject, CASE WHEN r.patched THEN d.body END
              FROM %s r
              JOIN cdb.document d ON d.ns = ? AND d.collection = r.collection AND d.id = r.id
            """.formatted(ArrayRows.of("collection text, id text, patched bool"));

    private static final String PUT = """
            INSERT INTO cdb.document (ns, collection, id, version, updated_at, subject, body)
            SELECT ?, r.collection, r.id, r.version, r.updated_at, r.subject, r.body::jsonb
              FROM %s r
            ON CONFLICT (ns, collection, id) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at,
                                                           subject = excluded.subject, body = excluded.body
            """.formatted(
                    ArrayRows.of("collection text, id text, version int8, updated_at int8, subject text, body text"));
    private static final String DELETE = """
            DELETE FROM cdb.document d USING %s r
             WHERE d.ns = ? AND d.collection = r.collection AND d.id = r.id
            """.formatted(ArrayRows.of("collection text, id text"));
    private static final String RAISE =
            "UPDATE cdb.namespace SET document_floor = greatest(document_floor, ?) WHERE id = ?";
    private static final String DECLARE =
            "INSERT INTO cdb.document_path (ns, collection, path) VALUES (?, ?, ?::text[]) ON CONFLICT DO NOTHING";

    private record Key(String collection, String id) {}

    private record State(
            long version,
            long updatedAt,
            String subject,
            @Nullable PropertyMap body) {}

    private final Layered<Key, State> documents = new Layered<>();
    private final Pending<Key> touched = new Pending<>();
    private final Pending<Long> removed = new Pending<>();
    private final Pending<DocumentMutation.DeclareIndex> declared = new Pending<>();
    private long floor;

    void floor(long documentFloor) {
        floor = documentFloor;
    }

    @Override
    public void load(Script script, int namespace, List<DocumentMutation> mutations) {
        Set<Key> all = new LinkedHashSet<>();
        Set<Key> patched = new LinkedHashSet<>();
        for (DocumentMutation mutation : mutations) {
            switch (mutation) {
                case DocumentMutation.PutDocument put -> all.add(new Key(put.collection(), put.id()));
                case DocumentMutation.DeleteDocument delete -> all.add(new Key(delete.collection(), delete.id()));
                case DocumentMutation.PatchDocument patch -> patched.add(new Key(patch.collection(), patch.id()));
                case DocumentMutation.DeclareIndex declare -> {}
            }
        }
        all.addAll(patched);
        if (!all.isEmpty()) {
            List<Key> keys = List.copyOf(all);
            script.rows(
                    this::loaded,
                    LOAD,
                    Many.texts(keys.stream().map(Key::collection).toList()),
                    Many.texts(keys.stream().map(Key::id).toList()),
                    new Many("bool", keys.stream().map(patched::contains).toArray(Boolean[]::new)),
                    namespace);
        }
    }

    private void loaded(ResultSet row) throws SQLException {
        String body = row.getString(5);
        documents.load(
                new Key(row.getString(1), row.getString(2)),
                new State(row.getLong(3), 0, row.getString(4), body == null ? null : JsonColumn.read(body)));
    }

    @Override
    public MutationResult apply(DocumentMutation mutation, Step step) {
        return switch (mutation) {
            case DocumentMutation.PutDocument put ->
                write(new Key(put.collection(), put.id()), put.condition(), put.body(), put.subject(), step);
            case DocumentMutation.PatchDocument patch -> patch(patch, step);
            case DocumentMutation.DeleteDocument delete -> delete(delete, step);
            case DocumentMutation.DeclareIndex declare -> {
                declared.add(declare);
                yield new MutationResult.Done();
            }
        };
    }

    private MutationResult patch(DocumentMutation.PatchDocument patch, Step step) {
        Key key = new Key(patch.collection(), patch.id());
        State old = documents.get(key);
        PropertyMap body = old == null || old.body() == null ? PropertyMap.empty() : old.body();
        return write(key, patch.condition(), body.patched(patch.patch()), old == null ? "" : old.subject(), step);
    }

    private MutationResult write(Key key, Condition condition, PropertyMap body, String subject, Step step) {
        State old = documents.get(key);
        long current = old == null ? 0 : old.version();
        if (!condition.admits(step.index(), current, "document '" + key.id() + "'")) {
            return new MutationResult.Skipped(current);
        }
        long version = 1 + (old == null ? floor() : current);
        documents.put(key, new State(version, step.time(), subject, body));
        touched.add(key);
        return new MutationResult.Written(version);
    }

    private MutationResult delete(DocumentMutation.DeleteDocument delete, Step step) {
        Key key = new Key(delete.collection(), delete.id());
        State old = documents.get(key);
        long current = old == null ? 0 : old.version();
        if (!delete.condition().admits(step.index(), current, "document '" + delete.id() + "'")) {
            return new MutationResult.Skipped(current);
        }
        if (old != null) {
            documents.put(key, null);
            touched.add(key);
            removed.add(current);
        }
        return new MutationResult.Removed(old == null ? 0 : 1);
    }

    private long floor() {
        return Math.max(
                floor, removed.all().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    @Override
    public void keep() {
        documents.keep();
        touched.keep();
        removed.keep();
        declared.keep();
    }

    @Override
    public void undo() {
        documents.undo();
        touched.undo();
        removed.undo();
        declared.undo();
    }

    @Override
    public void flush(Script script, int namespace) {
        List<Key> deleted = new ArrayList<>();
        List<Key> put = new ArrayList<>();
        List<State> states = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        for (Key key : new LinkedHashSet<>(touched.all())) {
            State state = documents.get(key);
            if (state == null) {
                deleted.add(key);
            } else if (state.body() != null) {
                put.add(key);
                states.add(state);
                bodies.add(JsonColumn.write(state.body()));
            }
        }
        if (!deleted.isEmpty()) {
            script.run(
                    DELETE,
                    Many.texts(deleted.stream().map(Key::collection).toList()),
                    Many.texts(deleted.stream().map(Key::id).toList()),
                    namespace);
        }
        if (!put.isEmpty()) {
            script.run(
                    PUT,
                    namespace,
                    Many.texts(put.stream().map(Key::collection).toList()),
                    Many.texts(put.stream().map(Key::id).toList()),
                    Many.longs(states.stream().map(State::version).toList()),
                    Many.longs(states.stream().map(State::updatedAt).toList()),
                    Many.texts(states.stream().map(State::subject).toList()),
                    Many.texts(bodies));
        }
        if (!removed.isEmpty()) {
            script.run(RAISE, floor(), namespace);
        }
        for (DocumentMutation.DeclareIndex declare : declared.all()) {
            script.run(DECLARE, namespace, declare.collection(), Many.texts(declare.path()));
        }
    }
}
