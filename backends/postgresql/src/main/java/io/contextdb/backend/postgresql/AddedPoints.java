package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Points that a batch adds to spaces as they are known; the statement looks whether they still are. Not thread-safe. */
final class AddedPoints {
    private static final String SPACES = """
             AND (SELECT count(*) FROM cdb.space s WHERE s.ns = ? AND s.id = ANY (?)) = ?
            """;
    private static final String NEW = """
             AND NOT EXISTS (SELECT FROM cdb.point p WHERE p.space = ? AND p.id = ANY (?))
            """;
    private static final String ADD = """
            , p AS (INSERT INTO cdb.point (space, id, valid_from, valid_to, labels, source, subject, properties, text, embedding,
                                           version)
              SELECT r.space, r.id, r.valid_from, r.valid_to, r.labels::text[], r.source, r.subject, r.properties::jsonb,
                     r.text, %s, c.no
                FROM c, (SELECT ?::float4[]) f(floats),
                     %s r)
            """.formatted(
                    Embeddings.SLICE,
                    ArrayRows.of("space int4, id uuid, valid_from int8, valid_to int8, labels text, source text, "
                            + "subject text, properties text, text text, first int4, last int4"));

    private record Key(int space, UUID id) {}

    private final Map<String, Space> spaces;
    private final JournalDraft entry;
    private final List<Key> keys = new ArrayList<>();
    private final List<VectorPoint> points = new ArrayList<>();
    private final Set<Key> distinct = new HashSet<>();
    private final Postings postings = new Postings();

    AddedPoints(Map<String, Space> spaces, JournalDraft entry) {
        this.spaces = spaces;
        this.entry = entry;
    }

    /** Takes a mutation, and returns its result if all is new; empty if it is not for us. */
    Optional<MutationResult> take(VectorMutation mutation) {
        if (!(mutation instanceof VectorMutation.PutPoint put) || spaces.get(put.space()) == null) {
            return Optional.empty();
        }
        Space space = spaces.get(put.space());
        VectorPoint point = put.point();
        try {
            point.vector().ifPresent(vector -> space.check(vector, "putPoint.vector"));
        } catch (InvalidRequestException refused) {
            // The space may have been replaced by one that it fits.
            return Optional.empty();
        }
        Key key = new Key(space.id(), point.id());
        keys.add(key);
        points.add(point);
        postings.add(space.id(), point.id(), point.text());
        entry.changed(space.id(), point.id());
        return distinct.add(key) ? Optional.of(new MutationResult.Done()) : Optional.empty();
    }

    /** Adds on which conditions it is written, and how. */
    void addTo(int namespace, Parts conditions, Parts inserts) {
        if (points.isEmpty()) {
            return;
        }
        Map<Integer, List<UUID>> ids = new TreeMap<>();
        keys.forEach(key ->
                ids.computeIfAbsent(key.space(), space -> new ArrayList<>()).add(key.id()));
        conditions.add(SPACES, namespace, Many.ints(List.copyOf(ids.keySet())), ids.size());
        ids.forEach((space, added) -> conditions.add(NEW, space, Many.uuids(added)));
        Embeddings embeddings = Embeddings.of(points);
        inserts.add(
                ADD,
                embeddings.floats(),
                Many.ints(keys, Key::space),
                Many.uuids(keys, Key::id),
                Many.longs(points, point -> Columns.of(point.validity().from())),
                Many.longs(points, point -> Columns.of(point.validity().to())),
                Many.texts(points, point -> Columns.array(point.labels())),
                Many.texts(points, VectorPoint::source),
                Many.texts(points, VectorPoint::subject),
                Many.texts(points, point -> JsonColumn.write(point.properties())),
                Many.texts(points, VectorPoint::text),
                embeddings.firsts(),
                embeddings.lasts());
        postings.addTo(inserts);
    }
}
