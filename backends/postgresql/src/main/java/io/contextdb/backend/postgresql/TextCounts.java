package io.contextdb.backend.postgresql;

import java.sql.SQLException;

/**
 * The sums of texts and words that spaces keep beside their points, compared with what the postings add up to, in one statement and so
 * in one state. Postings of texts of one length give the number of these texts exactly. What differs is added to what is kept, which
 * holds up no writer: whatever one adds meanwhile is added to both.
 */
final class TextCounts {
    /** Two that mend at the same time would add the difference twice; writers are not held up. */
    private static final String ALONE = "LOCK TABLE cdb.space IN SHARE UPDATE EXCLUSIVE MODE";

    private static final String DRIFT = """
            WITH kept AS MATERIALIZED (SELECT s.id, s.ns, s.name, s.texts, s.words FROM cdb.space s),
                 found AS (SELECT l.space, sum(l.times / greatest(l.length, 1))::int8 AS texts, sum(l.times)::int8 AS words
                             FROM (SELECT o.space, o.length, sum(o.times) AS times FROM cdb.posting o GROUP BY o.space, o.length) l
                            GROUP BY l.space),
                 drift AS MATERIALIZED (
                   SELECT k.id, k.ns, k.name, k.texts, k.words, coalesce(f.texts, 0) - k.texts AS more_texts,
                          coalesce(f.words, 0) - k.words AS more_words
                     FROM kept k LEFT JOIN found f ON f.space = k.id)
            """;
    private static final String LOOK = DRIFT + """
            SELECT n.name, d.name, d.texts, d.words, d.more_texts, d.more_words FROM drift d JOIN cdb.namespace n ON n.id = d.ns
             ORDER BY n.name, d.name
            """;
    private static final String MEND = DRIFT + """
            UPDATE cdb.space s SET texts = s.texts + d.more_texts, words = s.words + d.more_words FROM drift d
             WHERE s.id = d.id AND (d.more_texts <> 0 OR d.more_words <> 0)
            """;

    private TextCounts() {}

    static void look(Snapshot snapshot, Findings findings) throws SQLException {
        long[] spaces = {0};
        snapshot.send(new Script()
                .rows(
                        row -> {
                            spaces[0]++;
                            if (row.getLong(5) != 0 || row.getLong(6) != 0) {
                                findings.add(
                                        "namespace " + row.getString(1) + ", counts of space " + row.getString(2),
                                        "are " + row.getLong(3) + " texts and " + row.getLong(4)
                                                + " words, but its texts are " + (row.getLong(3) + row.getLong(5))
                                                + " with " + (row.getLong(4) + row.getLong(6)) + " words",
                                        true);
                            }
                        },
                        LOOK));
        findings.checked("counts of texts", spaces[0]);
    }

    /** Brings the sums to what the postings add up to; on a connection without a transaction. */
    static void mend(Snapshot snapshot) throws SQLException {
        snapshot.connection().setAutoCommit(false);
        snapshot.send(new Script().run(ALONE).run(MEND).run("COMMIT").certain());
        snapshot.connection().setAutoCommit(true);
    }
}
