package io.contextdb.spi.value;

import io.contextdb.spi.internal.Check;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Makes time-ordered UUIDs of version 7 (RFC 9562, section 5.7, with the sub-millisecond fraction of method 3 in
 * {@code rand_a}). Ids made in one process rise strictly. Thread-safe.
 */
public final class UuidV7 {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Object LOCK = new Object();
    private static long lastStamp;

    private UuidV7() {}

    /** Returns a new id. */
    public static UUID next() {
        Instant now = Instant.now();
        // 48 bits of milliseconds and 12 bits of fraction of a millisecond.
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        long stamp = ((micros / 1000) << 12) | (((micros % 1000) << 12) / 1000);
        long low = RANDOM.nextLong();
        synchronized (LOCK) {
            stamp = Math.max(stamp, lastStamp + 1);
            lastStamp = stamp;
        }
        long high = ((stamp >>> 12) << 16) | 0x7000L | (stamp & 0xFFFL);
        return new UUID(high, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }

    /** Returns the instant, in milliseconds, at which a UUID of version 7 was made. */
    public static Instant instant(UUID id) {
        return Instant.ofEpochMilli(Check.notNull("id", id).getMostSignificantBits() >>> 16);
    }
}
