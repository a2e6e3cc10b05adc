package io.contextdb.spi.write;

import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.Bytes;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of keys (contract K). A key is 1 to 512 bytes of UTF-8. */
public sealed interface KeyMutation extends Mutation {
    /** Longest key, in bytes of UTF-8. */
    int MAX_KEY_BYTES = 512;

    /** Longest time to live: 10 years, as 3,653 days. */
    Duration MAX_TTL = Duration.ofDays(3653);

    /** Longest window of a limiter: 31 days. */
    Duration MAX_WINDOW = Duration.ofDays(31);

    /** Shortest time to live and shortest window: 1 ms. */
    Duration SHORTEST = Duration.ofMillis(1);

    /** Returns the key. */
    String key();

    /** Puts a value. Result: {@link MutationResult.Written} or {@link MutationResult.Skipped}. */
    final class PutKey implements KeyMutation {
        private final String key;
        private final Bytes value;
        private final @Nullable Duration ttl;
        private final Condition condition;
        private final String subject;

        private PutKey(String key, Bytes value, @Nullable Duration ttl, Condition condition, String subject) {
            this.key = TextRule.KEY.check("key", key);
            this.value = Check.notNull("value", value);
            this.ttl = ttl;
            this.condition = Check.notNull("putKey.condition", condition);
            this.subject = TextRule.SUBJECT.check("putKey.subject", subject);
        }

        /** Puts a value without expiry, unconditionally; a time to live that the key had is cleared (K2). */
        public static PutKey of(String key, Bytes value) {
            return new PutKey(key, value, null, Condition.none(), "");
        }

        /** Returns the same put with a time to live of 1 ms to 3,653 days, cut to whole milliseconds (K2). */
        public PutKey expiringAfter(Duration timeToLive) {
            return new PutKey(key, value, checkTtl(timeToLive), condition, subject);
        }

        /** Returns the same put under a condition on the key's current version. */
        public PutKey onlyIf(Condition required) {
            return new PutKey(key, value, ttl, required, subject);
        }

        /** Returns the same put of a value about a subject, with which it is erased (N6). */
        public PutKey about(String what) {
            return new PutKey(key, value, ttl, condition, what);
        }

        @Override
        public String key() {
            return key;
        }

        /** Returns the value. */
        public Bytes value() {
            return value;
        }

        /** Returns the time to live; empty for none. */
        public Optional<Duration> ttl() {
            return Optional.ofNullable(ttl);
        }

        /** Returns the condition. */
        public Condition condition() {
            return condition;
        }

        /** Returns what the value is about, or "". */
        public String subject() {
            return subject;
        }

        @Override
        public long estimatedBytes() {
            return 64L + key.length() + value.size();
        }
    }

    /**
     * Removes a key. Result: {@link MutationResult.Removed} with 1 or 0, or {@link MutationResult.Skipped}.
     *
     * @param key the key
     * @param condition on its current version
     */
    record DeleteKey(String key, Condition condition) implements KeyMutation {
        /** Checks the key. */
        public DeleteKey {
            TextRule.KEY.check("key", key);
            Check.notNull("deleteKey.condition", condition);
        }
    }

    /**
     * Adds to a counter, from 0 if the key is absent; the value becomes its decimal text, a time to live stays (K2, K3). A
     * value that is no decimal 64-bit integer, or an overflow, fails the batch. Result: {@link MutationResult.Counter}.
     *
     * @param key the key
     * @param delta what is added
     */
    record Increment(String key, long delta) implements KeyMutation {
        /** Checks the key. */
        public Increment {
            TextRule.KEY.check("key", key);
        }
    }

    /**
     * Sets the time to live of a key that exists. Result: {@link MutationResult.Written}, or
     * {@link MutationResult.Skipped} with version 0 if it is absent.
     *
     * @param key the key
     * @param ttl the new time to live, 1 ms to 3,653 days, cut to whole milliseconds
     */
    record Expire(String key, Duration ttl) implements KeyMutation {
        /** Checks the parts. */
        public Expire {
            TextRule.KEY.check("key", key);
            ttl = checkTtl(ttl);
        }

        @Override
        public Capability requires() {
            return Capability.KEYS;
        }
    }

    /**
     * Asks a sliding-window limiter for permits (K4): at most {@code limit} are given in any window of that length, by the
     * store's clock. Limiters have names of their own, apart from keys. Result: {@link MutationResult.Permits}.
     *
     * @param key name of the limiter
     * @param permits how many are asked for, 1 to the limit, all or none
     * @param limit most permits per window, 1 to 1,000,000
     * @param window length of the window, 1 ms to 31 days, cut to whole microseconds
     */
    record Acquire(String key, int permits, int limit, Duration window) implements KeyMutation {
        /** Checks the parts. */
        public Acquire {
            TextRule.KEY.check("key", key);
            Check.range("limiter.limit", limit, 1, 1_000_000);
            Check.range("limiter.permits", permits, 1, limit);
            window = Check.duration("limiter.window", window, SHORTEST, MAX_WINDOW)
                    .truncatedTo(ChronoUnit.MICROS);
        }

        @Override
        public Capability requires() {
            return Capability.RATE_LIMITS;
        }
    }

    private static Duration checkTtl(Duration ttl) {
        return Check.duration("ttl", ttl, SHORTEST, MAX_TTL).truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    default Capability requires() {
        return Capability.KEYS;
    }

    @Override
    default long estimatedBytes() {
        return 64L + key().length();
    }
}
