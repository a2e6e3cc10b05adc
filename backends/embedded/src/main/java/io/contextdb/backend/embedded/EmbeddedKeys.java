package io.contextdb.backend.embedded;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads of keys (contract K). An expired row is passed over, swept or not. */
final class EmbeddedKeys implements KeyReader {
    private static final String COLUMNS = "SELECT key, value, version, expires_at FROM entry ";
    private static final String BY_KEY = COLUMNS + "WHERE ns = ? AND key = ? AND expires_at > ?";
    /** One lower bound: of two the planner takes the one that begins with the namespace's first key. */
    static final String IN_RANGE = COLUMNS
            + "WHERE ns = ?1 AND key >= max(?2, ?3) AND +key > ?2 AND key < ?4 AND expires_at > ?5 ORDER BY key LIMIT ?6";
    /** Behind every key: no UTF-8 text has this byte, and blobs sort after texts. */
    private static final byte[] END = {(byte) 0xff};

    private final Store store;

    EmbeddedKeys(Store store) {
        this.store = store;
    }

    @Override
    public List<KeyEntry> get(ReadScope scope, Collection<String> keys) {
        List<String> asked = Asked.of("keys", keys);
        return store.read(scope, snapshot -> {
            List<KeyEntry> entries = new ArrayList<>(asked.size());
            for (String key : asked) {
                snapshot.database()
                        .first(BY_KEY, EmbeddedKeys::entry, snapshot.namespace(), key, snapshot.now())
                        .ifPresent(entries::add);
            }
            return List.copyOf(entries);
        });
    }

    @Override
    public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
        String after = page.cursor().isEmpty() ? "" : Cursor.parse("keys", 1, page.cursor(), parts -> parts.get(0));
        return store.read(scope, snapshot -> {
            List<KeyEntry> read = snapshot.database()
                    .list(
                            IN_RANGE,
                            EmbeddedKeys::entry,
                            snapshot.namespace(),
                            after,
                            prefix,
                            end(prefix),
                            snapshot.now(),
                            page.limit() + 1);
            return Page.of(read, page.limit(), last -> Cursor.of("keys", last.key()));
        });
    }

    /** Returns the least text behind all that start with a prefix: its last code point raised by one. */
    private static Object end(String prefix) {
        int[] points = prefix.codePoints().toArray();
        for (int i = points.length - 1; i >= 0; i--) {
            if (points[i] < Character.MAX_CODE_POINT) {
                // Surrogates are no characters, and no text has them.
                points[i] = points[i] + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : points[i] + 1;
                return new String(points, 0, i + 1);
            }
        }
        return END;
    }

    private static KeyEntry entry(ResultSet row) throws SQLException {
        long expiresAt = row.getLong(4);
        return new KeyEntry(
                row.getString(1),
                Bytes.of(bytes(row, 2)),
                row.getLong(3),
                expiresAt == Columns.OPEN ? null : Columns.instant(expiresAt));
    }

    /** SQLite gives no bytes for a blob of length 0. */
    static byte[] bytes(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? new byte[0] : bytes;
    }
}
