package io.contextdb.backend.memory;

import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CodePointOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The keys of a snapshot, and the limiters.
 *
 * @param entries keys, expired ones included until they are swept
 * @param removed highest version of a key that was removed: a new key begins above it, so that versions never go back
 * @param subjects keys by subject
 * @param limiters permits given, by limiter
 * @param expiries what ends when, soonest first
 */
record KeyState(
        TreePMap<String, Entry> entries,
        long removed,
        SubjectIndex<String> subjects,
        HashPMap<String, Limiter> limiters,
        TreePSet<Expiry> expiries) {
    static final KeyState EMPTY = new KeyState(
            TreePMap.empty(CodePointOrder.INSTANCE),
            0,
            SubjectIndex.empty(CodePointOrder.INSTANCE),
            HashTreePMap.empty(),
            TreePSet.empty(Expiry.ORDER));

    /** A stored key; {@code expiresAt} in milliseconds, or {@link Long#MAX_VALUE} for never. */
    record Entry(Bytes value, long version, long expiresAt, String subject) {
        boolean liveAt(long millis) {
            return millis < expiresAt;
        }

        @Nullable
        Instant expiry() {
            return expiresAt == Long.MAX_VALUE ? null : Instant.ofEpochMilli(expiresAt);
        }
    }

    /** Permits given within the longest window asked for, oldest first. */
    record Limiter(PVector<Grant> grants, Duration window) {}

    /** Permits given at an instant. */
    record Grant(Instant at, int permits) {}

    /** The end of a key or of a limiter's last window. */
    record Expiry(long millis, boolean limiter, String key) {
        static final Comparator<Expiry> ORDER = Comparator.comparingLong(Expiry::millis)
                .thenComparing(Expiry::limiter)
                .thenComparing(Expiry::key, CodePointOrder.INSTANCE);
    }

    /** Returns no keys, and that new ones begin above all that were there. */
    KeyState dropped() {
        long highest = entries.values().stream().mapToLong(Entry::version).max().orElse(0);
        return new KeyState(EMPTY.entries, Math.max(removed, highest), EMPTY.subjects, EMPTY.limiters, EMPTY.expiries);
    }

    /** Returns how many keys have not expired. */
    long live(long millis) {
        long expired = 0;
        for (Expiry expiry : expiries) {
            if (expiry.millis() > millis) {
                break;
            }
            expired += expiry.limiter() ? 0 : 1;
        }
        return entries.size() - expired;
    }
}
