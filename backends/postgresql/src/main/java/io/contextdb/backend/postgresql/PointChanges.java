package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes of points (contract V). Texts that go and come change the postings, and the sums of their space. */
final class PointChanges implements Changes<VectorMutation> {
    private static final String LOAD = """
            SELECT p.space, p.id, p.text FROM %s r
              JOIN cdb.space s ON s.ns = ? AND s.name = r.name
              JOIN cdb.point p ON p.space = s.id AND p.id = r.id
            """.formatted(ArrayRows.of("name text, id uuid"));
    private static final String PUT = """
            INSERT INTO cdb.point (space, id, valid_from, valid_to, labels, source, subject, properties, text, embedding,
                                   version)
            SELECT r.space, r.id, r.valid_from, r.valid_to, r.labels::text[], r.source, r.subject, r.properties::jsonb, r.text,
                   %s, r.version
              FROM (SELECT ?::float4[]) f(floats),
                   %s r
            ON CONFLICT (space, id) DO UPDATE
               SET valid_from = excluded.valid_from, valid_to = excluded.valid_to, labels = excluded.labels,
                   source = excluded.source, subject = excluded.subject, properties = excluded.properties,
                   text = excluded.text, embedding = excluded.embedding, version = excluded.version
            """.formatted(
                    Embeddings.SLICE,
                    ArrayRows.of("space int4, id uuid, valid_from int8, valid_to int8, labels text, source text, "
                            + "subject text, properties text, text text, first int4, last int4, version int8"));
    private static final String DELETE = """
            DELETE FROM cdb.point p USING %s r
             WHERE p.space = r.space AND p.id = r.id
            """.formatted(ArrayRows.of("space int4, id uuid"));

    private record Key(int space, UUID id) {}

    /** What stands for a point: its text as it is stored, or what is put, and the commit that puts it. */
    private record State(String text, @Nullable VectorPoint point, long version) {}

    private final Map<String, Space> spaces = new HashMap<>();
    private final Layered<Key, State> points = new Layered<>();
    private final Pending<Key> touched = new Pending<>();
    private final Map<Key, String> stored = new HashMap<>();

    @Override
    public void load(Script script, int namespace, List<VectorMutation> mutations) {
        Set<String> names = new LinkedHashSet<>();
        List<String> spaceOf = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        for (VectorMutation mutation : mutations) {
            if (mutation instanceof VectorMutation.PutPoint put) {
                names.add(put.space());
                spaceOf.add(put.space());
                ids.add(put.point().id());
            } else if (mutation instanceof VectorMutation.DeletePoint delete) {
                names.add(delete.space());
                spaceOf.add(delete.space());
                ids.add(delete.id());
            }
        }
        if (!names.isEmpty()) {
            script.rows(
                            row -> spaces.put(row.getString(2), Space.read(row)),
                            Space.BY_NAME,
                            namespace,
                            Many.texts(List.copyOf(names)))
                    .rows(this::loaded, LOAD, Many.texts(spaceOf), Many.uuids(ids), namespace);
        }
    }

    private void loaded(ResultSet row) throws SQLException {
        Key key = new Key(row.getInt(1), Columns.uuid(row, 2));
        points.load(key, new State(row.getString(3), null, 0));
        stored.put(key, row.getString(3));
    }

    @Override
    public MutationResult apply(VectorMutation mutation, Step step) {
        return switch (mutation) {
            case VectorMutation.PutPoint put -> {
                Space space = space(put.space());
                VectorPoint point = put.point();
                point.vector().ifPresent(vector -> space.check(vector, "putPoint.vector"));
                write(new Key(space.id(), point.id()), new State(point.text(), point, step.commit()), step);
                yield new MutationResult.Done();
            }
            case VectorMutation.DeletePoint delete -> {
                Key key = new Key(space(delete.space()).id(), delete.id());
                boolean there = points.get(key) != null;
                if (there) {
                    write(key, null, step);
                }
                yield new MutationResult.Removed(there ? 1 : 0);
            }
            case VectorMutation.CreateSpace create -> throw new IllegalStateException("done by the server");
            case VectorMutation.DropSpace drop -> throw new IllegalStateException("done by the server");
            case VectorMutation.DeletePoints delete -> throw new IllegalStateException("done by the server");
        };
    }

    private void write(Key key, @Nullable State state, Step step) {
        points.put(key, state);
        touched.add(key);
        step.entry().changed(key.space(), key.id());
    }

    private Space space(String name) {
        Space space = spaces.get(name);
        if (space == null) {
            throw Space.missing(name);
        }
        return space;
    }

    @Override
    public void keep() {
        points.keep();
        touched.keep();
    }

    @Override
    public void undo() {
        points.undo();
        touched.undo();
    }

    @Override
    public void flush(Script script, int namespace) {
        List<Key> deleted = new ArrayList<>();
        List<Integer> spaceOf = new ArrayList<>();
        List<VectorPoint> put = new ArrayList<>();
        List<Long> versions = new ArrayList<>();
        Postings postings = new Postings();
        for (Key key : new LinkedHashSet<>(touched.all())) {
            State state = points.get(key);
            postings.remove(key.space(), key.id(), stored.getOrDefault(key, ""));
            if (state == null) {
                deleted.add(key);
            } else if (state.point() != null) {
                spaceOf.add(key.space());
                put.add(state.point());
                versions.add(state.version());
                postings.add(key.space(), key.id(), state.text());
            }
        }
        if (!deleted.isEmpty()) {
            script.run(DELETE, Many.ints(deleted, Key::space), Many.uuids(deleted, Key::id));
        }
        if (!put.isEmpty()) {
            Embeddings embeddings = Embeddings.of(put);
            script.run(
                    PUT,
                    embeddings.floats(),
                    Many.ints(spaceOf),
                    Many.uuids(put, VectorPoint::id),
                    Many.longs(put, point -> Columns.of(point.validity().from())),
                    Many.longs(put, point -> Columns.of(point.validity().to())),
                    Many.texts(put, point -> Columns.array(point.labels())),
                    Many.texts(put, VectorPoint::source),
                    Many.texts(put, VectorPoint::subject),
                    Many.texts(put, point -> JsonColumn.write(point.properties())),
                    Many.texts(put, VectorPoint::text),
                    embeddings.firsts(),
                    embeddings.lasts(),
                    Many.longs(versions));
        }
        postings.flush(script);
    }
}
