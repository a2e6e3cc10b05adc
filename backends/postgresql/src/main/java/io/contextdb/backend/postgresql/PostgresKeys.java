package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Reads of keys; one that has expired by the server's clock is absent, whether it was swept or not (contract K). */
final class PostgresKeys implements KeyReader {
    private static final String COLUMNS = "SELECT e.key, e.value, e.version, e.expires_at FROM cdb.entry e";
    private static final String LIVE = liveAt(Snapshot.NOW);
    private static final String BY_KEYS = COLUMNS + " WHERE e.ns = ? AND e.key = ANY (?)" + LIVE;
    /** One key is compared as a value ({@link Lookup}), and with "now" by a function, which costs nothing where it does not expire. */
    private static final String BY_KEY = COLUMNS + " WHERE e.ns = ? AND e.key = ?" + liveAt("cdb.now_in(e.ns)");

    private static final String SCAN = COLUMNS
            + " WHERE e.ns = ? AND e.key >= ? AND starts_with(e.key, ?) AND e.key > ?" + LIVE
            + " ORDER BY e.key LIMIT ?";

    private final Store store;

    PostgresKeys(Store store) {
        this.store = store;
    }

    @Override
    public List<KeyEntry> get(ReadScope scope, Collection<String> keys) {
        List<String> asked = Asked.of("keys", keys);
        return store.read(
                scope,
                snapshot -> PostgresGraph.ordered(
                        asked,
                        KeyEntry::key,
                        asked.size() == 1
                                ? snapshot.list(BY_KEY, PostgresKeys::entry, snapshot.namespace(), asked.get(0))
                                : snapshot.list(
                                        BY_KEYS,
                                        PostgresKeys::entry,
                                        snapshot.namespace(),
                                        Many.texts(asked),
                                        snapshot.namespace())));
    }

    @Override
    public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
        String after = page.cursor().isEmpty() ? "" : Cursor.parse("keys", 1, page.cursor(), parts -> parts.get(0));
        return store.read(
                scope,
                snapshot -> Page.of(
                        snapshot.list(
                                SCAN,
                                PostgresKeys::entry,
                                snapshot.namespace(),
                                prefix,
                                prefix,
                                after,
                                snapshot.namespace(),
                                page.limit() + 1),
                        page.limit(),
                        last -> Cursor.of("keys", last.key())));
    }

    private static String liveAt(String now) {
        return " AND (e.expires_at = " + Columns.OPEN + " OR e.expires_at > " + now + ")";
    }

    private static KeyEntry entry(ResultSet row) throws SQLException {
        long expiresAt = row.getLong(4);
        return new KeyEntry(
                row.getString(1),
                Bytes.of(row.getBytes(2)),
                row.getLong(3),
                expiresAt == Columns.OPEN ? null : Columns.instant(expiresAt));
    }
}
