package io.contextdb.backend.embedded;

import io.contextdb.spi.Remains;
import io.contextdb.spi.Remains.Kind;
import io.contextdb.spi.value.ReadScope;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Counts what the tables still have of erased nodes (contract N6a). Past versions of edges tell no end points, so those of which the
 * edge itself is gone are counted, whosever they were. The index is made from the tables and is not looked at.
 */
final class EmbeddedRemains {
    /** ?1 is the namespace; the nodes come as a JSON list: ?2 of their ids in hexadecimal digits, or of their texts. */
    private static final String IDS = "(SELECT unhex(value) FROM json_each(?2))";

    private static final String SUBJECTS = "(SELECT value FROM json_each(?2))";
    private static final String NODES = "SELECT count(*) FROM node WHERE ns = ?1 AND id IN " + IDS;
    private static final String EDGES =
            "SELECT count(*) FROM edge WHERE ns = ?1 AND (from_id IN " + IDS + " OR to_id IN " + IDS + ")";
    private static final String PAST_EDGES = """
            SELECT count(*) FROM edge_past p
             WHERE p.ns = ? AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.ns = p.ns AND e.id = p.id)
            """;
    /** ?2 are the ids, ?3 the texts; each half has an index. */
    private static final String POINTS = """
            SELECT count(*) FROM (
              SELECT p.key FROM space s JOIN point p ON p.space = s.id
               WHERE s.ns = ?1 AND p.id IN (SELECT unhex(value) FROM json_each(?2))
              UNION
              SELECT p.key FROM space s JOIN point p ON p.space = s.id
               WHERE s.ns = ?1 AND p.subject <> '' AND p.subject IN (SELECT value FROM json_each(?3)))
            """;

    private static final String KEYS =
            "SELECT count(*) FROM entry WHERE ns = ?1 AND subject <> '' AND subject IN " + SUBJECTS;
    private static final String EVENTS =
            "SELECT count(*) FROM event WHERE ns = ?1 AND subject <> '' AND kind <> 2 AND subject IN " + SUBJECTS;
    private static final String DEAD_LETTERS = "SELECT count(*) FROM consumer_group g JOIN dead_letter d"
            + " ON d.consumer = g.id WHERE g.ns = ?1 AND d.kind <> 2 AND d.subject IN " + SUBJECTS;
    private static final String DOCUMENTS =
            "SELECT count(*) FROM document WHERE ns = ?1 AND subject <> '' AND subject IN " + SUBJECTS;

    private EmbeddedRemains() {}

    static Remains look(Store store, ReadScope scope, Collection<UUID> asked) {
        String subjects = asked.stream()
                .map(id -> '"' + id.toString() + '"')
                .distinct()
                .collect(Collectors.joining(",", "[", "]"));
        String ids = subjects.replace("-", "");
        return store.read(scope, snapshot -> {
            Database database = snapshot.database();
            long ns = snapshot.namespace();
            Map<Kind, Long> counts = new EnumMap<>(Kind.class);
            counts.put(Kind.NODES, database.number(NODES, ns, ids));
            counts.put(Kind.EDGES, database.number(EDGES, ns, ids) + database.number(PAST_EDGES, ns));
            counts.put(Kind.POINTS, database.number(POINTS, ns, ids, subjects));
            counts.put(Kind.KEYS, database.number(KEYS, ns, subjects));
            counts.put(Kind.EVENTS, database.number(EVENTS, ns, subjects));
            counts.put(Kind.DEAD_LETTERS, database.number(DEAD_LETTERS, ns, subjects));
            counts.put(Kind.DOCUMENTS, database.number(DOCUMENTS, ns, subjects));
            return new Remains(counts);
        });
    }
}
