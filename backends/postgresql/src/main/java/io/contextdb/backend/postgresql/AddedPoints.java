package io.contextdb.backend.postgresql;

import static io.contextdb.backend.postgresql.ItemColumns.column;

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
                     (SELECT unnest(?::int4[]) AS first, unnest(?::int4[]) AS last,
            """.formatted(Embeddings.SLICE);

    private record Key(int space, UUID id) {}

    private record Row(int space, VectorPoint point) {}

    /** Where the validity begins that nobody gave. */
    private static final long ALWAYS = Columns.of(
            VectorPoint.builder(new UUID(0, 0)).text("any").build().validity().from());

    private static final ItemColumns<Row> COLUMNS = ItemColumns.<Row>of("space", "int4", Row::space)
            .and("id", "uuid", row -> row.point().id())
            .unlessUsual(
                    column(
                            "valid_from",
                            "int8",
                            ALWAYS,
                            row -> Columns.of(row.point().validity().from())),
                    column(
                            "valid_to",
                            "int8",
                            Columns.OPEN,
                            row -> Columns.of(row.point().validity().to())))
            .unlessUsual(
                    column(
                            "labels",
                            "text",
                            "{}",
                            row -> Columns.array(row.point().labels())),
                    column("source", "text", "", row -> row.point().source()),
                    column("subject", "text", "", row -> row.point().subject()),
                    column(
                            "properties",
                            "text",
                            "{}",
                            row -> JsonColumn.write(row.point().properties())))
            .unlessUsual(column("text", "text", "", row -> row.point().text()));

    private final Map<String, Space> spaces;
    private final JournalDraft entry;
    private final List<Row> rows = new ArrayList<>();
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
        rows.add(new Row(space.id(), point));
        postings.add(space.id(), point.id(), point.text());
        entry.changed(space.id(), point.id());
        return distinct.add(new Key(space.id(), point.id()))
                ? Optional.of(new MutationResult.Done())
                : Optional.empty();
    }

    /** Adds on which conditions it is written, and how. */
    void addTo(int namespace, Parts conditions, Parts inserts) {
        if (rows.isEmpty()) {
            return;
        }
        Map<Integer, List<UUID>> ids = new TreeMap<>();
        rows.forEach(row -> ids.computeIfAbsent(row.space(), space -> new ArrayList<>())
                .add(row.point().id()));
        conditions.add(SPACES, namespace, Many.ints(List.copyOf(ids.keySet())), ids.size());
        ids.forEach((space, added) -> conditions.add(NEW, space, Many.uuids(added)));
        Embeddings embeddings = Embeddings.of(rows.stream().map(Row::point).toList());
        inserts.add(ADD, embeddings.floats(), embeddings.firsts(), embeddings.lasts())
                .add(COLUMNS.list(rows))
                .add(ItemColumns.END);
        postings.addTo(inserts);
    }
}
