package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.UuidOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The postings of a space, compared with the texts that they were made of: both are read once, in one state and side by side in the order
 * of ids, however many there are. Not thread-safe.
 */
final class PostingCheck {
    private static final int PORTION = 1_000;
    private static final String TEXTS = "SELECT p.id, p.text FROM cdb.point p WHERE p.space = ? ORDER BY p.id";

    /**
     * A point whose postings are not those of its text.
     *
     * @param point the id of the point, which may be gone
     * @param there the words of the postings that are there
     */
    record Wrong(UUID point, Set<String> there) {}

    private final Names names;
    private final int space;
    private final String place;
    private final Findings findings;
    private final Consumer<List<Wrong>> sink;
    private List<Wrong> wrong = new ArrayList<>();

    /**
     * Prepares.
     *
     * @param place where the space is, for people
     * @param sink is told what is wrong, portion by portion, while the look goes on
     */
    PostingCheck(Names names, int space, String place, Findings findings, Consumer<List<Wrong>> sink) {
        this.names = names;
        this.space = space;
        this.place = place;
        this.findings = findings;
        this.sink = sink;
    }

    /** Looks, within a transaction that sees one state. */
    void look(Connection connection) throws SQLException {
        try (PreparedStatement texts = portioned(connection, TEXTS);
                PreparedStatement postings = portioned(connection, PostingRows.SQL);
                ResultSet text = texts.executeQuery();
                ResultSet posting = postings.executeQuery()) {
            PostingRows rows = new PostingRows(posting);
            while (text.next()) {
                UUID id = Columns.uuid(text, 1);
                findings.checked("points", 1);
                orphans(rows, id);
                Map<String, PostingRows.Posting> there = id.equals(rows.point()) ? rows.take() : Map.of();
                findings.checked("postings", there.size());
                if (!there.equals(PostingRows.of(text.getString(2)))) {
                    add(id, there, "are not those of its text");
                }
            }
            orphans(rows, null);
        }
        if (!wrong.isEmpty()) {
            sink.accept(wrong);
        }
    }

    /** Takes the postings before a point, whose own points are not there; all that are left if it is null. */
    private void orphans(PostingRows rows, @Nullable UUID before) throws SQLException {
        for (UUID id = rows.point();
                id != null && (before == null || UuidOrder.INSTANCE.compare(id, before) < 0);
                id = rows.point()) {
            Map<String, PostingRows.Posting> there = rows.take();
            findings.checked("postings", there.size());
            add(id, there, "are of no point");
        }
    }

    private void add(UUID id, Map<String, PostingRows.Posting> there, String problem) {
        findings.add(place + ", postings of point " + id, problem, true);
        wrong.add(new Wrong(id, Set.copyOf(there.keySet())));
        if (wrong.size() == PORTION) {
            sink.accept(wrong);
            wrong = new ArrayList<>();
        }
    }

    private PreparedStatement portioned(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(names.in(sql));
        statement.setFetchSize(PORTION);
        statement.setInt(1, space);
        return statement;
    }
}
