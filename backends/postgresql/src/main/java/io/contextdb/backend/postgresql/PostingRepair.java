package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes postings anew from the texts of their points as they are now; writers of the namespace wait meanwhile. */
final class PostingRepair {
    private static final String LOCK = "SELECT id FROM cdb.namespace WHERE id = ? FOR NO KEY UPDATE";
    private static final String TEXTS = "SELECT p.id, p.text FROM cdb.point p WHERE p.space = ? AND p.id = ANY (?)";
    private static final String DELETE = """
            DELETE FROM cdb.posting o USING %s r WHERE o.space = ? AND o.word = r.word AND o.point = r.point
            """.formatted(ArrayRows.of("word text, point uuid"));
    private static final String PUT = """
            INSERT INTO cdb.posting (space, word, point, times, length)
            SELECT ?::int4, r.* FROM %s r
            ON CONFLICT (space, word, point) DO UPDATE SET times = excluded.times, length = excluded.length
            """.formatted(ArrayRows.of("word text, point uuid, times int4, length int4"));

    private record Row(String word, UUID point, PostingRows.Posting posting) {}

    private PostingRepair() {}

    /** Mends the postings of points of a space, in a transaction of its own. */
    static void mend(Snapshot snapshot, int space, List<PostingCheck.Wrong> wrong) throws SQLException {
        snapshot.connection().setAutoCommit(false);
        Map<UUID, String> texts = new HashMap<>();
        snapshot.send(new Script()
                .run(LOCK, snapshot.namespace())
                .rows(
                        row -> texts.put(Columns.uuid(row, 1), row.getString(2)),
                        TEXTS,
                        space,
                        Many.uuids(wrong, PostingCheck.Wrong::point)));
        List<Row> there = new ArrayList<>();
        List<Row> put = new ArrayList<>();
        PostingRows.Posting none = new PostingRows.Posting(0, 0);
        for (PostingCheck.Wrong each : wrong) {
            each.there().forEach(word -> there.add(new Row(word, each.point(), none)));
            PostingRows.of(texts.getOrDefault(each.point(), ""))
                    .forEach((word, posting) -> put.add(new Row(word, each.point(), posting)));
        }
        snapshot.send(new Script()
                .run(DELETE, Many.texts(there, Row::word), Many.uuids(there, Row::point), space)
                .run(
                        PUT,
                        space,
                        Many.texts(put, Row::word),
                        Many.uuids(put, Row::point),
                        Many.ints(put, row -> row.posting().times()),
                        Many.ints(put, row -> row.posting().length()))
                .run("COMMIT")
                .certain());
    }
}
