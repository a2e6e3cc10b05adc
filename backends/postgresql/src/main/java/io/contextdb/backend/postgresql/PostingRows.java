package io.contextdb.backend.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Postings in the order of their points, handed out point by point. Not thread-safe. */
final class PostingRows {
    /** Gives what {@link #PostingRows} reads; binds the space. */
    static final String SQL =
            "SELECT o.point, o.word, o.times, o.length FROM cdb.posting o WHERE o.space = ? ORDER BY o.point, o.word";

    /**
     * A word of a text.
     *
     * @param times how often the text has it
     * @param length how many words the text has
     */
    record Posting(int times, int length) {}

    private final ResultSet rows;
    private @Nullable UUID point;

    PostingRows(ResultSet rows) throws SQLException {
        this.rows = rows;
        forward();
    }

    private void forward() throws SQLException {
        point = rows.next() ? Columns.uuid(rows, 1) : null;
    }

    /** Returns the point whose postings are taken next; null if there are no more. */
    @Nullable
    UUID point() {
        return point;
    }

    /** Takes the postings of the next point, by word. */
    Map<String, Posting> take() throws SQLException {
        Map<String, Posting> taken = new HashMap<>();
        for (UUID taking = point; taking != null && taking.equals(point); forward()) {
            taken.put(rows.getString(2), new Posting(rows.getInt(3), rows.getInt(4)));
        }
        return taken;
    }

    /** Returns the postings that a text must have. */
    static Map<String, Posting> of(String text) {
        Words words = Words.of(text);
        Map<String, Posting> postings = new HashMap<>();
        words.times().forEach((word, times) -> postings.put(word, new Posting(times, words.length())));
        return postings;
    }
}
