package io.contextdb.backend.embedded;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Applies changes of keys (contract K). Versions of a key rise even across its removal: a key that is new starts above the
 * greatest version that a removed one of the namespace had, so that a compare-and-set never takes the one for the other.
 */
final class KeyWriter {
    private static final String STORED = """
            SELECT e.row, coalesce(e.version, n.key_floor), e.expires_at, CASE WHEN length(e.value) <= 20 THEN e.value END
              FROM namespace n LEFT JOIN entry e ON e.ns = n.id AND e.key = ?2 WHERE n.id = ?1
            """;
    private static final String RAISE = "UPDATE namespace SET key_floor = max(key_floor, ?) WHERE id = ?";
    private static final String INSERT =
            "INSERT INTO entry (ns, key, version, expires_at, subject, value) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String UPDATE =
            "UPDATE entry SET version = ?, expires_at = ?, subject = ?, value = ? WHERE row = ?";
    private static final String COUNT = "UPDATE entry SET version = ?, value = ? WHERE row = ?";
    private static final String EXPIRE = "UPDATE entry SET version = ?, expires_at = ? WHERE row = ?";
    private static final String DELETE = "DELETE FROM entry WHERE row = ?";
    private static final String EXPIRED =
            "SELECT row, ns, version FROM entry WHERE expires_at <= ? ORDER BY expires_at LIMIT ?";

    /**
     * How a key stands, expired or not.
     *
     * @param row its row; 0 if there is none
     * @param version its version; without a row, the greatest that a removed key of the namespace had
     * @param digits its value if that is short enough for a counter's
     */
    private record Stored(long row, long version, boolean live, String digits) {
        boolean exists() {
            return row != 0;
        }

        long liveVersion() {
            return live ? version : 0;
        }

        long next() {
            return version + 1;
        }
    }

    private KeyWriter() {}

    static MutationResult apply(BatchTransaction batch, KeyMutation mutation) throws SQLException {
        return switch (mutation) {
            case KeyMutation.PutKey put -> put(batch, put);
            case KeyMutation.DeleteKey delete -> delete(batch, delete);
            case KeyMutation.Increment increment -> increment(batch, increment);
            case KeyMutation.Expire expire -> expire(batch, expire);
            case KeyMutation.Acquire acquire -> Limiters.acquire(batch, acquire);
        };
    }

    private static MutationResult put(BatchTransaction batch, KeyMutation.PutKey put) throws SQLException {
        Stored stored = stored(batch, put.key());
        Optional<MutationResult> unmet = unmet(batch, put.condition(), stored, put.key());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        long expiresAt = put.ttl().map(ttl -> expiry(batch, ttl)).orElse(Columns.OPEN);
        long version = stored.next();
        byte[] value = put.value().toArray();
        if (stored.exists()) {
            batch.database().update(UPDATE, version, expiresAt, put.subject(), value, stored.row());
        } else {
            batch.database().update(INSERT, batch.namespace(), put.key(), version, expiresAt, put.subject(), value);
        }
        return new MutationResult.Written(version);
    }

    private static MutationResult delete(BatchTransaction batch, KeyMutation.DeleteKey delete) throws SQLException {
        Stored stored = stored(batch, delete.key());
        Optional<MutationResult> unmet = unmet(batch, delete.condition(), stored, delete.key());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        return new MutationResult.Removed(remove(batch, delete.key()) ? 1 : 0);
    }

    /** Removes a key and returns whether it was there and had not expired. */
    static boolean remove(BatchTransaction batch, String key) throws SQLException {
        Stored stored = stored(batch, key);
        if (stored.exists()) {
            remove(batch.database(), batch.namespace(), stored.row(), stored.version());
        }
        return stored.live();
    }

    private static void remove(Database database, long namespace, long row, long version) throws SQLException {
        database.update(RAISE, version, namespace);
        database.update(DELETE, row);
    }

    private static MutationResult increment(BatchTransaction batch, KeyMutation.Increment increment)
            throws SQLException {
        Stored stored = stored(batch, increment.key());
        long old = stored.live() ? counter(increment.key(), stored) : 0;
        long value;
        try {
            value = Math.addExact(old, increment.delta());
        } catch (ArithmeticException overflow) {
            throw new InvalidRequestException(
                    "increment.delta",
                    "overflows 64 bits: " + increment.key() + " is " + old + ", delta " + increment.delta());
        }
        long version = stored.next();
        byte[] digits = Bytes.utf8(Long.toString(value)).toArray();
        if (!stored.exists()) {
            batch.database().update(INSERT, batch.namespace(), increment.key(), version, Columns.OPEN, "", digits);
        } else if (stored.live()) {
            batch.database().update(COUNT, version, digits, stored.row());
        } else {
            batch.database().update(UPDATE, version, Columns.OPEN, "", digits, stored.row());
        }
        return new MutationResult.Counter(value, version);
    }

    private static long counter(String key, Stored stored) {
        try {
            return Long.parseLong(stored.digits());
        } catch (NumberFormatException text) {
            throw new InvalidRequestException("increment.key", "holds no 64-bit integer: " + key);
        }
    }

    private static MutationResult expire(BatchTransaction batch, KeyMutation.Expire expire) throws SQLException {
        Stored stored = stored(batch, expire.key());
        if (!stored.live()) {
            return new MutationResult.Skipped(0);
        }
        batch.database().update(EXPIRE, stored.next(), expiry(batch, expire.ttl()), stored.row());
        return new MutationResult.Written(stored.next());
    }

    /** Removes some of the keys that have expired, and returns how many. */
    static int sweep(Database database, long now, int limit) throws SQLException {
        record Expired(long row, long namespace, long version) {}
        var expired =
                database.list(EXPIRED, row -> new Expired(row.getLong(1), row.getLong(2), row.getLong(3)), now, limit);
        for (Expired entry : expired) {
            remove(database, entry.namespace(), entry.row(), entry.version());
        }
        return expired.size();
    }

    private static long expiry(BatchTransaction batch, Duration ttl) {
        long millis = batch.time() / 1_000;
        return (millis + ttl.toMillis()) * 1_000;
    }

    private static Optional<MutationResult> unmet(
            BatchTransaction batch, Condition condition, Stored stored, String key) {
        return batch.unmet(condition, stored.liveVersion(), "key " + key);
    }

    private static Stored stored(BatchTransaction batch, String key) throws SQLException {
        return batch.database()
                .first(
                        STORED,
                        row -> new Stored(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3) > batch.time(),
                                Bytes.of(EmbeddedKeys.bytes(row, 4)).utf8()),
                        batch.namespace(),
                        key)
                .orElseThrow();
    }
}
