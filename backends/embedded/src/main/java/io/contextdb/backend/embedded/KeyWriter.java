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
    private static final String STORED = "SELECT row, version, expires_at, CASE WHEN length(value) <= 20 THEN value END"
            + " FROM entry WHERE ns = ? AND key = ?";
    private static final String FLOOR = "SELECT key_floor FROM namespace WHERE id = ?";
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

    /** A row, expired or not; {@code digits} is its value if that is short enough for a counter's. */
    private record Stored(long row, long version, boolean live, String digits) {
        long liveVersion() {
            return live ? version : 0;
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
        Optional<Stored> stored = stored(batch, put.key());
        Optional<MutationResult> unmet = unmet(batch, put.condition(), stored, put.key());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        long expiresAt = put.ttl().map(ttl -> expiry(batch, ttl)).orElse(Columns.OPEN);
        long version = next(batch, stored);
        byte[] value = put.value().toArray();
        if (stored.isPresent()) {
            batch.database()
                    .update(
                            UPDATE,
                            version,
                            expiresAt,
                            put.subject(),
                            value,
                            stored.get().row());
        } else {
            batch.database().update(INSERT, batch.namespace(), put.key(), version, expiresAt, put.subject(), value);
        }
        return new MutationResult.Written(version);
    }

    private static MutationResult delete(BatchTransaction batch, KeyMutation.DeleteKey delete) throws SQLException {
        Optional<Stored> stored = stored(batch, delete.key());
        Optional<MutationResult> unmet = unmet(batch, delete.condition(), stored, delete.key());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        return new MutationResult.Removed(remove(batch, delete.key()) ? 1 : 0);
    }

    /** Removes a key and returns whether it was there and had not expired. */
    static boolean remove(BatchTransaction batch, String key) throws SQLException {
        Optional<Stored> stored = stored(batch, key);
        if (stored.isEmpty()) {
            return false;
        }
        remove(
                batch.database(),
                batch.namespace(),
                stored.get().row(),
                stored.get().version());
        return stored.get().live();
    }

    private static void remove(Database database, long namespace, long row, long version) throws SQLException {
        database.update(RAISE, version, namespace);
        database.update(DELETE, row);
    }

    private static MutationResult increment(BatchTransaction batch, KeyMutation.Increment increment)
            throws SQLException {
        Optional<Stored> stored = stored(batch, increment.key());
        long old = stored.filter(Stored::live).isPresent() ? counter(increment.key(), stored.get()) : 0;
        long value;
        try {
            value = Math.addExact(old, increment.delta());
        } catch (ArithmeticException overflow) {
            throw new InvalidRequestException(
                    "increment.delta",
                    "overflows 64 bits: " + increment.key() + " is " + old + ", delta " + increment.delta());
        }
        long version = next(batch, stored);
        byte[] digits = Bytes.utf8(Long.toString(value)).toArray();
        if (stored.isEmpty()) {
            batch.database().update(INSERT, batch.namespace(), increment.key(), version, Columns.OPEN, "", digits);
        } else if (stored.get().live()) {
            batch.database().update(COUNT, version, digits, stored.get().row());
        } else {
            batch.database()
                    .update(
                            UPDATE,
                            version,
                            Columns.OPEN,
                            "",
                            digits,
                            stored.get().row());
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
        Optional<Stored> stored = stored(batch, expire.key()).filter(Stored::live);
        if (stored.isEmpty()) {
            return new MutationResult.Skipped(0);
        }
        long version = stored.get().version() + 1;
        batch.database()
                .update(
                        EXPIRE,
                        version,
                        expiry(batch, expire.ttl()),
                        stored.get().row());
        return new MutationResult.Written(version);
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

    private static long next(BatchTransaction batch, Optional<Stored> stored) throws SQLException {
        return 1
                + (stored.isPresent()
                        ? stored.get().version()
                        : batch.database().number(FLOOR, batch.namespace()));
    }

    private static Optional<MutationResult> unmet(
            BatchTransaction batch, Condition condition, Optional<Stored> stored, String key) {
        return batch.unmet(condition, stored.map(Stored::liveVersion).orElse(0L), "key " + key);
    }

    private static Optional<Stored> stored(BatchTransaction batch, String key) throws SQLException {
        return batch.database()
                .first(
                        STORED,
                        row -> new Stored(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3) > batch.time(),
                                Bytes.of(EmbeddedKeys.bytes(row, 4)).utf8()),
                        batch.namespace(),
                        key);
    }
}
