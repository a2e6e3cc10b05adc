package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.Remains;
import io.contextdb.spi.Remains.Kind;
import io.contextdb.spi.value.ReadScope;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Counts what the tables still have of erased nodes, in one round trip to the primary (contract N6a). Words whose point is gone are
 * counted whosever they were, as nothing tells any more; that looks through all words of the namespace.
 */
final class PostgresRemains {
    private static final String NODES = "SELECT count(*) FROM cdb.node WHERE ns = ? AND id = ANY (?)";
    private static final String EDGES = """
            SELECT (SELECT count(*) FROM cdb.edge
                     WHERE ns = ? AND (from_id = ANY (?) OR to_id = ANY (?)) AND tx_to = 9223372036854775807)
                 + (SELECT count(*) FROM cdb.edge
                     WHERE ns = ? AND (from_id = ANY (?) OR to_id = ANY (?)) AND tx_to < 9223372036854775807)
            """;
    private static final String POINTS = """
            SELECT count(*) FROM cdb.space s JOIN cdb.point p ON p.space = s.id
             WHERE s.ns = ? AND (p.id = ANY (?) OR (p.subject = ANY (?) AND p.subject <> ''))
            """;
    private static final String WORDS = """
            SELECT count(*) FROM cdb.space s JOIN cdb.posting w ON w.space = s.id
             WHERE s.ns = ? AND NOT EXISTS (SELECT FROM cdb.point p WHERE p.space = w.space AND p.id = w.point)
            """;
    private static final String KEYS =
            "SELECT count(*) FROM cdb.entry WHERE ns = ? AND subject = ANY (?) AND subject <> ''";
    private static final String EVENTS =
            "SELECT count(*) FROM cdb.event WHERE ns = ? AND subject = ANY (?) AND subject <> '' AND kind <> 2";
    private static final String DEAD_LETTERS = """
            SELECT count(*) FROM cdb.consumer_group g JOIN cdb.dead_letter d ON d.consumer = g.id
             WHERE g.ns = ? AND d.subject = ANY (?) AND d.subject <> '' AND d.kind <> 2
            """;
    private static final String DOCUMENTS =
            "SELECT count(*) FROM cdb.document WHERE ns = ? AND subject = ANY (?) AND subject <> ''";

    private PostgresRemains() {}

    static Remains look(Store store, ReadScope scope, Collection<UUID> asked) {
        List<UUID> distinct = asked.stream().distinct().toList();
        Many ids = Many.uuids(distinct);
        Many subjects = Many.texts(distinct, UUID::toString);
        return store.read(scope, snapshot -> {
            int ns = snapshot.namespace();
            Map<Kind, Long> counts = new EnumMap<>(Kind.class);
            snapshot.send(new Script()
                    .rows(row -> counts.put(Kind.NODES, row.getLong(1)), NODES, ns, ids)
                    .rows(row -> counts.put(Kind.EDGES, row.getLong(1)), EDGES, ns, ids, ids, ns, ids, ids)
                    .rows(row -> counts.put(Kind.POINTS, row.getLong(1)), POINTS, ns, ids, subjects)
                    .rows(row -> counts.put(Kind.WORDS, row.getLong(1)), WORDS, ns)
                    .rows(row -> counts.put(Kind.KEYS, row.getLong(1)), KEYS, ns, subjects)
                    .rows(row -> counts.put(Kind.EVENTS, row.getLong(1)), EVENTS, ns, subjects)
                    .rows(row -> counts.put(Kind.DEAD_LETTERS, row.getLong(1)), DEAD_LETTERS, ns, subjects)
                    .rows(row -> counts.put(Kind.DOCUMENTS, row.getLong(1)), DOCUMENTS, ns, subjects));
            return new Remains(counts);
        });
    }
}
