package io.contextdb.backend.postgresql;

import io.contextdb.spi.IntegrityReport;
import java.sql.SQLException;
import java.util.List;

/** What must hold between records, each looked at in one statement and so in one state. */
final class Relations {
    /**
     * Something that must hold.
     *
     * @param kind what is looked at
     * @param count how many there are
     * @param broken gives the number of the namespace, and what is broken there
     * @param problem what is wrong with it
     * @param repairable whether it is computed from the rest
     */
    private record Relation(String kind, String count, String broken, String problem, boolean repairable) {
        /** Gives the namespace's name, what is broken, and how many are. */
        String named() {
            return "SELECT coalesce(n.name, '?'), b.what, count(*) OVER () FROM (" + broken
                    + ") b(ns, what) LEFT JOIN cdb.namespace n ON n.id = b.ns LIMIT " + IntegrityReport.LISTED;
        }
    }

    /** The newest time that a commit of namespace n is known to have. */
    private static final String NEWEST = """
            greatest((SELECT max(greatest(v.tx_from, nullif(v.tx_to, 9223372036854775807))) FROM cdb.node v WHERE v.ns = n.id),
                     (SELECT max(o.committed_at) FROM cdb.operation o WHERE o.ns = n.id))
            """;

    private static final String RAISE =
            "UPDATE cdb.namespace n SET last_time = " + NEWEST + " WHERE n.last_time < " + NEWEST;
    private static final List<Relation> ALL = List.of(
            chain("node"),
            chain("edge"),
            new Relation(
                    "ends of edges",
                    "SELECT count(*) FROM cdb.edge WHERE version = 1",
                    """
                    SELECT e.ns, e.id::text FROM cdb.edge e
                     WHERE e.version = 1
                       AND (NOT EXISTS (SELECT FROM cdb.node n WHERE n.ns = e.ns AND n.id = e.from_id)
                            OR NOT EXISTS (SELECT FROM cdb.node n WHERE n.ns = e.ns AND n.id = e.to_id))
                    """,
                    "is a node that is not there",
                    false),
            new Relation("spaces", "SELECT count(*) FROM cdb.space", """
                    SELECT 0, d.space::text FROM (SELECT DISTINCT space FROM cdb.point) d
                     WHERE NOT EXISTS (SELECT FROM cdb.space s WHERE s.id = d.space)
                    """, "is not there, and points of it are", false),
            new Relation(
                    "times of last commits",
                    "SELECT count(*) FROM cdb.namespace",
                    "SELECT n.id, n.last_time::text FROM cdb.namespace n WHERE n.last_time < " + NEWEST,
                    "is before what was committed",
                    true));

    private Relations() {}

    private static Relation chain(String table) {
        return new Relation(
                "versions of " + table + "s",
                "SELECT count(*) FROM cdb." + table,
                """
                SELECT v.ns, v.id::text FROM (
                  SELECT ns, id, version, tx_from, tx_to, lag(tx_to) OVER w AS before, row_number() OVER w AS place,
                         lead(version) OVER w IS NULL AS last
                    FROM cdb.%s WINDOW w AS (PARTITION BY ns, id ORDER BY version)) v
                 WHERE v.version <> v.place OR coalesce(v.before, v.tx_from) <> v.tx_from
                    OR v.last <> (v.tx_to = 9223372036854775807)
                """.formatted(table),
                "do not follow one another",
                false);
    }

    static void look(Snapshot snapshot, Findings findings) throws SQLException {
        for (Relation relation : ALL) {
            findings.checked(relation.kind(), snapshot.number(relation.count()));
            long[] broken = {0};
            long[] listed = {0};
            snapshot.send(new Script()
                    .rows(
                            row -> {
                                findings.add(
                                        "namespace " + row.getString(1) + ", " + relation.kind() + ", "
                                                + row.getString(2),
                                        relation.problem(),
                                        relation.repairable());
                                broken[0] = row.getLong(3);
                                listed[0]++;
                            },
                            relation.named()));
            findings.more(broken[0] - listed[0], relation.repairable());
        }
    }

    /** Raises the times at or before which no commit gets its own. */
    static void mend(Snapshot snapshot) throws SQLException {
        snapshot.send(new Script().run(RAISE).certain());
    }
}
