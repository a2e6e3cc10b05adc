package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of keys (contract K). Versions of a key rise even across its removal: a key that is new starts above the greatest
 * version that a removed one of the namespace had, so that a compare-and-set never takes the one for the other.
 */
final class KeyChanges implements Changes<KeyMutation> {
    /** Values are read only as far as they may be counters. */
    private static final String LOAD = """
            SELECT key, version, expires_at, subject, CASE WHEN length(value) <= 20 THEN value END
              FROM cdb.entry WHERE ns = ? AND key = ANY (?)
            """;

    private static final String PUT =
            """
            INSERT INTO cdb.entry (ns, key, version, expires_at, subject, value)
            SELECT ?, r.* FROM %s r
            ON CONFLICT (ns, key) DO UPDATE SET version = excluded.version, expires_at = excluded.expires_at,
                                                subject = excluded.subject, value = excluded.value
            """.formatted(ArrayRows.of("key text, version int8, expires_at int8, subject text, value bytea"));
    private static final String EXPIRE = """
            UPDATE cdb.entry e SET version = r.version, expires_at = r.expires_at
              FROM %s r WHERE e.ns = ? AND e.key = r.key
            """.formatted(ArrayRows.of("key text, version int8, expires_at int8"));
    private static final String DELETE = "DELETE FROM cdb.entry WHERE ns = ? AND key = ANY (?)";
    private static final String RAISE = "UPDATE cdb.namespace SET key_floor = greatest(key_floor, ?) WHERE id = ?";

    /** A row, expired or not; its value is null where it was not loaded, and stays as it is. */
    private record State(
            long version,
            long expiresAt,
            String subject,
            @Nullable Bytes value) {
        boolean live(Step step) {
            return expiresAt > step.time();
        }
    }

    private final Layered<String, State> entries = new Layered<>();
    private final Pending<String> touched = new Pending<>();
    private final Pending<Long> removed = new Pending<>();
    private long floor;

    void floor(long keyFloor) {
        floor = keyFloor;
    }

    @Override
    public void load(Script script, int namespace, List<KeyMutation> mutations) {
        Set<String> keys = new LinkedHashSet<>();
        mutations.forEach(mutation -> keys.add(mutation.key()));
        if (!keys.isEmpty()) {
            script.rows(this::loaded, LOAD, namespace, Many.texts(List.copyOf(keys)));
        }
    }

    private void loaded(ResultSet row) throws SQLException {
        entries.load(
                row.getString(1), new State(row.getLong(2), row.getLong(3), row.getString(4), digits(row.getBytes(5))));
    }

    private static @Nullable Bytes digits(byte @Nullable [] value) {
        return value == null ? null : Bytes.of(value);
    }

    @Override
    public MutationResult apply(KeyMutation mutation, Step step) {
        return switch (mutation) {
            case KeyMutation.PutKey put -> put(put, step);
            case KeyMutation.DeleteKey delete -> delete(delete, step);
            case KeyMutation.Increment increment -> increment(increment, step);
            case KeyMutation.Expire expire -> expire(expire, step);
            case KeyMutation.Acquire acquire -> throw new IllegalStateException("limiters are kept by the server");
        };
    }

    private MutationResult put(KeyMutation.PutKey put, Step step) {
        State state = entries.get(put.key());
        long current = live(state, step);
        if (!put.condition().admits(step.index(), current, "key '" + put.key() + "'")) {
            return new MutationResult.Skipped(current);
        }
        long expiresAt = put.ttl().map(ttl -> expiry(ttl, step)).orElse(Columns.OPEN);
        return new MutationResult.Written(write(put.key(), state, expiresAt, put.subject(), put.value()));
    }

    private MutationResult delete(KeyMutation.DeleteKey delete, Step step) {
        State state = entries.get(delete.key());
        long current = live(state, step);
        if (!delete.condition().admits(step.index(), current, "key '" + delete.key() + "'")) {
            return new MutationResult.Skipped(current);
        }
        if (state != null) {
            entries.put(delete.key(), null);
            touched.add(delete.key());
            removed.add(state.version());
        }
        return new MutationResult.Removed(current == 0 ? 0 : 1);
    }

    private MutationResult increment(KeyMutation.Increment increment, Step step) {
        State state = entries.get(increment.key());
        boolean live = live(state, step) > 0;
        long old = live && state != null ? counter(increment.key(), state) : 0;
        long value;
        try {
            value = Math.addExact(old, increment.delta());
        } catch (ArithmeticException overflow) {
            throw new InvalidRequestException(
                    "increment.delta",
                    "overflows 64 bits: " + increment.key() + " is " + old + ", delta " + increment.delta());
        }
        long version = write(
                increment.key(),
                state,
                live && state != null ? state.expiresAt() : Columns.OPEN,
                live && state != null ? state.subject() : "",
                Bytes.utf8(Long.toString(value)));
        return new MutationResult.Counter(value, version);
    }

    private static long counter(String key, State state) {
        try {
            return Long.parseLong(state.value() == null ? "" : state.value().utf8());
        } catch (NumberFormatException text) {
            throw new InvalidRequestException("increment.key", "holds no 64-bit integer: " + key);
        }
    }

    private MutationResult expire(KeyMutation.Expire expire, Step step) {
        State state = entries.get(expire.key());
        if (state == null || !state.live(step)) {
            return new MutationResult.Skipped(0);
        }
        return new MutationResult.Written(
                write(expire.key(), state, expiry(expire.ttl(), step), state.subject(), state.value()));
    }

    private long write(String key, @Nullable State old, long expiresAt, String subject, @Nullable Bytes value) {
        long version = 1 + (old == null ? floor() : old.version());
        entries.put(key, new State(version, expiresAt, subject, value));
        touched.add(key);
        return version;
    }

    private static byte @Nullable [] bytes(State state) {
        return state.value() == null ? null : state.value().toArray();
    }

    private long floor() {
        return Math.max(
                floor, removed.all().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    private static long live(@Nullable State state, Step step) {
        return state != null && state.live(step) ? state.version() : 0;
    }

    private static long expiry(Duration ttl, Step step) {
        return (step.time() / 1_000 + ttl.toMillis()) * 1_000;
    }

    @Override
    public void keep() {
        entries.keep();
        touched.keep();
        removed.keep();
    }

    @Override
    public void undo() {
        entries.undo();
        touched.undo();
        removed.undo();
    }

    @Override
    public void flush(Script script, int namespace) {
        List<String> deleted = new ArrayList<>();
        List<String> put = new ArrayList<>();
        List<State> states = new ArrayList<>();
        List<String> expired = new ArrayList<>();
        List<State> expiries = new ArrayList<>();
        for (String key : new LinkedHashSet<>(touched.all())) {
            State state = entries.get(key);
            if (state == null) {
                deleted.add(key);
            } else if (state.value() == null) {
                expired.add(key);
                expiries.add(state);
            } else {
                put.add(key);
                states.add(state);
            }
        }
        if (!deleted.isEmpty()) {
            script.run(DELETE, namespace, Many.texts(deleted));
        }
        if (!put.isEmpty()) {
            script.run(
                    PUT,
                    namespace,
                    Many.texts(put),
                    Many.longs(states, State::version),
                    Many.longs(states, State::expiresAt),
                    Many.texts(states, State::subject),
                    Many.bytes(states, KeyChanges::bytes));
        }
        if (!expired.isEmpty()) {
            script.run(
                    EXPIRE,
                    Many.texts(expired),
                    Many.longs(expiries, State::version),
                    Many.longs(expiries, State::expiresAt),
                    namespace);
        }
        if (!removed.isEmpty()) {
            script.run(RAISE, floor(), namespace);
        }
    }
}
