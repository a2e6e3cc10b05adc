package io.contextdb.backend.memory;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/** Changes of the keys within one batch (contract K). Not thread-safe. */
final class KeyChanges {
    /** Most expired entries that one batch removes, so that none pays for all. */
    private static final int SWEPT = 1_000;

    private TreePMap<String, KeyState.Entry> entries;
    private long removed;
    private SubjectIndex<String> subjects;
    private HashPMap<String, KeyState.Limiter> limiters;
    private TreePSet<KeyState.Expiry> expiries;

    KeyChanges(KeyState before) {
        entries = before.entries();
        removed = before.removed();
        subjects = before.subjects();
        limiters = before.limiters();
        expiries = before.expiries();
    }

    KeyState state() {
        return new KeyState(entries, removed, subjects, limiters, expiries);
    }

    MutationResult apply(KeyMutation mutation, Step step) {
        return switch (mutation) {
            case KeyMutation.PutKey put -> put(put, step);
            case KeyMutation.DeleteKey delete -> delete(delete, step);
            case KeyMutation.Increment increment -> increment(increment, step);
            case KeyMutation.Expire expire -> expire(expire, step);
            case KeyMutation.Acquire acquire -> acquire(acquire, step);
        };
    }

    private MutationResult put(KeyMutation.PutKey put, Step step) {
        KeyState.Entry old = live(put.key(), step);
        long current = old == null ? 0 : old.version();
        if (!step.admits(put.condition(), current, "key '" + put.key() + "'")) {
            return new MutationResult.Skipped(current);
        }
        long expiresAt = put.ttl().map(ttl -> step.millis() + ttl.toMillis()).orElse(Long.MAX_VALUE);
        return write(put.key(), put.value(), expiresAt, put.subject(), old);
    }

    private MutationResult.Written write(
            String key, Bytes value, long expiresAt, String subject, KeyState.@Nullable Entry old) {
        long version = (old == null ? removed : old.version()) + 1;
        long floor = removed;
        remove(key);
        // Replaced, not removed: only keys that are gone raise the floor.
        removed = floor;
        entries = entries.plus(key, new KeyState.Entry(value, version, expiresAt, subject));
        subjects = subjects.plus(subject, key);
        if (expiresAt != Long.MAX_VALUE) {
            expiries = expiries.plus(new KeyState.Expiry(expiresAt, false, key));
        }
        return new MutationResult.Written(version);
    }

    private MutationResult delete(KeyMutation.DeleteKey delete, Step step) {
        KeyState.Entry old = live(delete.key(), step);
        long current = old == null ? 0 : old.version();
        if (!step.admits(delete.condition(), current, "key '" + delete.key() + "'")) {
            return new MutationResult.Skipped(current);
        }
        remove(delete.key());
        return new MutationResult.Removed(old == null ? 0 : 1);
    }

    private MutationResult increment(KeyMutation.Increment increment, Step step) {
        KeyState.Entry old = live(increment.key(), step);
        long value;
        try {
            value = Math.addExact(old == null ? 0 : Long.parseLong(old.value().utf8()), increment.delta());
        } catch (NumberFormatException notCounter) {
            throw new InvalidRequestException(
                    "increment.key", "'" + increment.key() + "' holds no decimal 64-bit integer");
        } catch (ArithmeticException overflow) {
            throw new InvalidRequestException("increment.delta", "would take '" + increment.key() + "' beyond 64 bits");
        }
        MutationResult.Written written = write(
                increment.key(),
                Bytes.utf8(Long.toString(value)),
                old == null ? Long.MAX_VALUE : old.expiresAt(),
                old == null ? "" : old.subject(),
                old);
        return new MutationResult.Counter(value, written.version());
    }

    private MutationResult expire(KeyMutation.Expire expire, Step step) {
        KeyState.Entry old = live(expire.key(), step);
        return old == null
                ? new MutationResult.Skipped(0)
                : write(expire.key(), old.value(), step.millis() + expire.ttl().toMillis(), old.subject(), old);
    }

    private MutationResult acquire(KeyMutation.Acquire acquire, Step step) {
        KeyState.Limiter limiter = limiters.get(acquire.key());
        // Another caller may ask with a longer window, so permits are kept as long as the longest one seen.
        Duration kept = limiter == null || limiter.window().compareTo(acquire.window()) < 0
                ? acquire.window()
                : limiter.window();
        PVector<KeyState.Grant> grants = limiter == null ? TreePVector.empty() : limiter.grants();
        while (!grants.isEmpty() && !grants.get(0).at().isAfter(step.time().minus(kept))) {
            grants = grants.minus(0);
        }
        Instant windowStart = step.time().minus(acquire.window());
        long used = 0;
        for (KeyState.Grant grant : grants) {
            used += grant.at().isAfter(windowStart) ? grant.permits() : 0;
        }
        boolean allowed = used + acquire.permits() <= acquire.limit();
        Duration retryAfter = allowed ? Duration.ZERO : retryAfter(grants, acquire, used, step.time());
        if (allowed) {
            grants = grants.plus(new KeyState.Grant(step.time(), acquire.permits()));
            used += acquire.permits();
        }
        if (limiter != null) {
            expiries = expiries.minus(expiry(acquire.key(), limiter));
        }
        if (grants.isEmpty()) {
            limiters = limiters.minus(acquire.key());
        } else {
            KeyState.Limiter next = new KeyState.Limiter(grants, kept);
            limiters = limiters.plus(acquire.key(), next);
            expiries = expiries.plus(expiry(acquire.key(), next));
        }
        return new MutationResult.Permits(allowed, acquire.limit() - used, retryAfter);
    }

    /** Returns when enough of the oldest permits will have left the window. */
    private static Duration retryAfter(
            PVector<KeyState.Grant> grants, KeyMutation.Acquire acquire, long used, Instant now) {
        long left = used;
        for (KeyState.Grant grant : grants) {
            if (grant.at().isAfter(now.minus(acquire.window()))) {
                left -= grant.permits();
                if (left + acquire.permits() <= acquire.limit()) {
                    return Duration.between(now, grant.at().plus(acquire.window()));
                }
            }
        }
        return acquire.window();
    }

    private static KeyState.Expiry expiry(String key, KeyState.Limiter limiter) {
        Instant last = limiter.grants().get(limiter.grants().size() - 1).at();
        return new KeyState.Expiry(last.plus(limiter.window()).toEpochMilli() + 1, true, key);
    }

    /** Gives back what expired, a bounded number at a time, whether anyone reads it or not. */
    void sweep(long millis) {
        for (int i = 0; i < SWEPT && !expiries.isEmpty() && expiries.first().millis() <= millis; i++) {
            KeyState.Expiry expiry = expiries.first();
            expiries = expiries.minus(expiry);
            if (expiry.limiter()) {
                limiters = limiters.minus(expiry.key());
            } else {
                remove(expiry.key());
            }
        }
    }

    /** Removes the keys about a subject. */
    void erase(String subject) {
        subjects.about(subject).forEach(this::remove);
    }

    private void remove(String key) {
        KeyState.Entry old = entries.get(key);
        if (old != null) {
            entries = entries.minus(key);
            subjects = subjects.minus(old.subject(), key);
            removed = Math.max(removed, old.version());
            if (old.expiresAt() != Long.MAX_VALUE) {
                expiries = expiries.minus(new KeyState.Expiry(old.expiresAt(), false, key));
            }
        }
    }

    private KeyState.@Nullable Entry live(String key, Step step) {
        KeyState.Entry entry = entries.get(key);
        if (entry != null && !entry.liveAt(step.millis())) {
            remove(key);
            return null;
        }
        return entry;
    }
}
