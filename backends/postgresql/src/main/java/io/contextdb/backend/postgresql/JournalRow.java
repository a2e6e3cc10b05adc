package io.contextdb.backend.postgresql;

import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Columns of an entry of the journal, and how they are read. Positions are bound as two values: text and number. */
final class JournalRow {
    /** The columns, of the operation o and its namespace n. */
    static final String COLUMNS = "o.xid, o.commit_no, n.name, o.id, o.committed_at, o.points, o.note";
    /** Where an operation stands. */
    static final String PLACE = "(o.xid, o.commit_no)";
    /** A position that is bound; numbers of transactions have no conversion but that of texts. */
    static final String POSITION = "(?::text::xid8, ?)";

    private JournalRow() {}

    static String transaction(JournalPosition position) {
        return Long.toString(position.transaction());
    }

    /** Reads the position from the first two columns. */
    static JournalPosition position(ResultSet row) throws SQLException {
        return new JournalPosition(Long.parseLong(row.getString(1)), row.getLong(2));
    }

    static JournalEntry read(ResultSet row) throws SQLException {
        byte[] points = row.getBytes(6);
        byte[] note = row.getBytes(7);
        return new JournalEntry(
                position(row),
                NamespaceName.of(row.getString(3)),
                Columns.uuid(row, 4),
                Columns.instant(row.getLong(5)),
                points == null ? List.of() : ChangedPoints.read(points),
                note == null ? Bytes.EMPTY : Bytes.of(note));
    }
}
