package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.journal.Backlog;
import io.contextdb.spi.journal.History;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Tail;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The journal: what was applied, in the order of transactions (contract S7). Transactions commit in another order than they
 * begin, so entries are handed out only up to the oldest transaction that is still open: none with a smaller number can appear
 * any more. Everything is asked of the primary.
 */
final class PostgresJournal implements Journal {
    /** Bytes of entries that are handed out at once; an entry that alone is larger comes alone. */
    private static final int PORTION_BYTES = 16 << 20;

    private static final int NOTES = 1_000;

    /** The server's time line changes with a promotion at once; the table's number where a backup was loaded into the database. */
    private static final String LINE =
            "concat_ws('/', h.system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8), 'cdb.operation'::regclass::oid)";

    private static final String HISTORY = "SELECT concat_ws('/', h.system_identifier, d.oid, ?::text), " + LINE
            + " FROM pg_control_system() h, pg_database d WHERE d.datname = current_database()";

    /** Entries after a position that meet a condition, in order, as many as are handed out at once. */
    private static final String PORTION = """
            WITH next AS (
              SELECT * FROM cdb.operation o
               WHERE CONDITION AND PLACE > POSITION
               ORDER BY o.xid, o.commit_no LIMIT ?),
            summed AS (
              SELECT o.*, sum(coalesce(octet_length(o.points), 0)::bigint + coalesce(octet_length(o.note), 0)) OVER (
                            ORDER BY o.xid, o.commit_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                FROM next o)
            SELECT COLUMNS FROM summed o JOIN cdb.namespace n ON n.id = o.ns
             WHERE coalesce(o.before, 0) < ? ORDER BY o.xid, o.commit_no
            """.replace("PLACE", JournalRow.PLACE)
            .replace("POSITION", JournalRow.POSITION)
            .replace("COLUMNS", JournalRow.COLUMNS);

    private static final String READ = PORTION.replace("CONDITION", "o.xid < pg_snapshot_xmin(pg_current_snapshot())");

    private static final String NOTED =
            PORTION.replace("CONDITION", "o.note IS NOT NULL AND o.ns = (SELECT id FROM cdb.namespace WHERE name = ?)");

    private static final String END = """
            SELECT o.xid, o.commit_no FROM cdb.operation o
             WHERE o.xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY o.xid DESC, o.commit_no DESC LIMIT 1
            """;

    private static final String ENTRY = "SELECT " + JournalRow.COLUMNS
            + " FROM cdb.namespace n JOIN cdb.operation o ON o.ns = n.id"
            + " WHERE n.name = ? AND o.id = ? AND o.xid IS NOT NULL";

    /** Long lists are taken out of line once, and not for each of their points. */
    private static final String TAIL = """
            SELECT %s, (
              SELECT string_agg(c.point, ''::bytea) FROM (
                SELECT DISTINCT substring(p.points FROM i * 20 + 5 FOR 16) AS point
                  FROM cdb.operation o
                 CROSS JOIN LATERAL (SELECT o.points || ''::bytea AS points OFFSET 0) p
                 CROSS JOIN LATERAL generate_series(0, octet_length(p.points) / 20 - 1) i
                 WHERE o.ns = s.ns AND o.xid IS NOT NULL AND o.points IS NOT NULL AND %s > %s
                   AND substring(p.points FROM i * 20 + 1 FOR 4) = int4send(s.id)
                 LIMIT ?) c), %s
              FROM cdb.space s, pg_control_system() h WHERE s.ns = ? AND s.name = ?
            """.formatted(Space.COLUMNS, JournalRow.PLACE, JournalRow.POSITION, LINE);

    private static final String BACKLOG = """
            SELECT count(*), greatest(0, cdb.clock() - min(o.committed_at))
              FROM cdb.operation o WHERE o.xid IS NOT NULL AND %s > %s
            """.formatted(JournalRow.PLACE, JournalRow.POSITION);

    private static final String FORGET = """
            UPDATE cdb.operation o SET note = NULL
              FROM (SELECT o.ns, o.id FROM cdb.operation o
                     WHERE o.note IS NOT NULL AND %s <= %s AND o.committed_at < ?
                     ORDER BY o.xid, o.commit_no LIMIT ? FOR UPDATE SKIP LOCKED) old
             WHERE o.ns = old.ns AND o.id = old.id
            """.formatted(JournalRow.PLACE, JournalRow.POSITION);

    private static final String SPACES =
            "SELECT " + Space.COLUMNS + ", n.name FROM cdb.space s JOIN cdb.namespace n ON n.id = s.ns WHERE ";
    private static final String SPACES_AFTER = SPACES + "s.id > ? ORDER BY s.id LIMIT ?";
    private static final String SPACES_BY_ID = SPACES + "s.id = ANY (?)";
    private static final String POINTS = "SELECT " + Points.PAYLOAD + ", " + Points.VECTOR
            + ", p.version FROM cdb.point p WHERE p.space = ? AND p.id = ANY (?)";
    private static final String VERSIONS = "SELECT p.id, p.version FROM cdb.point p WHERE p.space = ? ";
    private static final String VERSIONS_FIRST = VERSIONS + "ORDER BY p.id LIMIT ?";
    private static final String VERSIONS_AFTER = VERSIONS + "AND p.id > ? ORDER BY p.id LIMIT ?";

    private final Store store;

    PostgresJournal(Store store) {
        this.store = store;
    }

    @Override
    public History history(Deadline deadline) {
        return read(
                deadline,
                snapshot -> snapshot.first(
                                HISTORY,
                                row -> new History(row.getString(1), row.getString(2)),
                                store.names().schema())
                        .orElseThrow());
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Bytes note, List<Veto> vetoes, Deadline deadline) {
        return store.apply(batch, note, vetoes, deadline);
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Bytes note, List<Veto> vetoes, Deadline deadline) {
        return store.drop(drop, note, vetoes, deadline);
    }

    @Override
    public List<JournalEntry> read(JournalPosition after, int limit, Deadline deadline) {
        return read(
                deadline,
                snapshot -> snapshot.list(
                        READ, JournalRow::read, JournalRow.transaction(after), after.commit(), limit, PORTION_BYTES));
    }

    @Override
    public JournalPosition end(Deadline deadline) {
        return read(
                deadline, snapshot -> snapshot.first(END, JournalRow::position).orElse(JournalPosition.START));
    }

    @Override
    public Optional<JournalEntry> entry(NamespaceName namespace, UUID operationId, Deadline deadline) {
        return read(deadline, snapshot -> snapshot.first(ENTRY, JournalRow::read, namespace.value(), operationId));
    }

    @Override
    public Tail tail(ReadScope scope, String space, JournalPosition after, int limit) {
        return store.read(
                scope,
                snapshot -> snapshot.first(
                                TAIL,
                                row -> tail(row, scope.namespace()),
                                JournalRow.transaction(after),
                                after.commit(),
                                limit,
                                snapshot.namespace(),
                                space)
                        .orElseThrow(() -> Space.missing(space)));
    }

    private static Tail tail(ResultSet row, NamespaceName namespace) throws SQLException {
        Space space = Space.read(row);
        byte[] points = row.getBytes(Space.COLUMN_COUNT + 1);
        return new Tail(
                row.getString(Space.COLUMN_COUNT + 2),
                new SpaceRef(space.id(), namespace, space.definition()),
                points == null ? List.of() : ChangedPoints.ids(points));
    }

    @Override
    public Backlog backlog(JournalPosition after, Deadline deadline) {
        return read(
                deadline,
                snapshot -> snapshot.first(
                                BACKLOG,
                                row -> new Backlog(row.getLong(1), Duration.of(row.getLong(2), ChronoUnit.MICROS)),
                                JournalRow.transaction(after),
                                after.commit())
                        .orElseThrow());
    }

    @Override
    public List<JournalEntry> noted(NamespaceName namespace, JournalPosition after, int limit, Deadline deadline) {
        return read(
                deadline,
                snapshot -> snapshot.list(
                        NOTED,
                        JournalRow::read,
                        namespace.value(),
                        JournalRow.transaction(after),
                        after.commit(),
                        limit,
                        PORTION_BYTES));
    }

    @Override
    public void forgetNotes(JournalPosition upTo, Instant before, Deadline deadline) {
        long[] forgotten = {NOTES};
        while (forgotten[0] == NOTES) {
            deadline.check("forgetNotes");
            read(deadline, snapshot -> {
                snapshot.send(new Script()
                        .count(
                                rows -> forgotten[0] = rows,
                                FORGET,
                                JournalRow.transaction(upTo),
                                upTo.commit(),
                                Columns.of(before),
                                NOTES));
                return forgotten[0];
            });
        }
    }

    @Override
    public Page<SpaceRef> spaces(PageRequest page, Deadline deadline) {
        long after = page.cursor().isEmpty()
                ? 0
                : Cursor.parse("spaces", 1, page.cursor(), parts -> Long.parseLong(parts.get(0)));
        List<SpaceRef> read = read(
                deadline, snapshot -> snapshot.list(SPACES_AFTER, PostgresJournal::space, after, page.limit() + 1));
        return Page.of(read, page.limit(), last -> Cursor.of("spaces", last.id()));
    }

    @Override
    public List<SpaceRef> spaces(Collection<Long> ids, Deadline deadline) {
        return read(
                deadline,
                snapshot -> snapshot.list(SPACES_BY_ID, PostgresJournal::space, Many.longs(List.copyOf(ids))));
    }

    private static SpaceRef space(ResultSet row) throws SQLException {
        Space space = Space.read(row);
        return new SpaceRef(space.id(), NamespaceName.of(row.getString(Space.COLUMN_COUNT + 1)), space.definition());
    }

    @Override
    public List<VersionedPoint> points(long space, Collection<UUID> ids, Deadline deadline) {
        return read(
                deadline,
                snapshot -> snapshot.list(
                        POINTS,
                        row -> new VersionedPoint(Points.whole(row), row.getLong(Points.PAYLOAD_COLUMNS + 2)),
                        space,
                        Many.uuids(List.copyOf(ids))));
    }

    @Override
    public Page<PointVersion> versions(long space, PageRequest page, Deadline deadline) {
        int limit = page.limit() + 1;
        List<PointVersion> read = read(
                deadline,
                snapshot -> page.cursor().isEmpty()
                        ? snapshot.list(VERSIONS_FIRST, PostgresJournal::version, space, limit)
                        : snapshot.list(
                                VERSIONS_AFTER,
                                PostgresJournal::version,
                                space,
                                Cursor.id("versions", page.cursor()),
                                limit));
        return Page.of(read, page.limit(), last -> Cursor.of("versions", last.point()));
    }

    private static PointVersion version(ResultSet row) throws SQLException {
        return new PointVersion(Columns.uuid(row, 1), row.getLong(2), false);
    }

    /** Asks the primary about no namespace in particular. */
    private <T> T read(Deadline deadline, Store.Read<T> read) {
        return store.connections().read(deadline, connection -> read.from(store.everywhere(connection, deadline)));
    }
}
