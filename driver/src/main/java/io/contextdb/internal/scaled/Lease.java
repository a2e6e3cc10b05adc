package io.contextdb.internal.scaled;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The right to work for a follower, held by one driver at a time so that work is not done twice. Nothing depends on it but that:
 * a driver that was paused and goes on after its lease has ended does no harm. Expires by the source's clock. Used by one thread.
 */
final class Lease {
    private static final Duration TERM = Duration.ofSeconds(6);
    /** Whoever keeps it asks as often. */
    static final Duration RENEWED = Duration.ofSeconds(2);

    private final String key;
    private final String owner;
    private final SystemKeys keys;
    private final InstantSource clock;
    private Instant renewAt = Instant.MIN;
    private boolean held;

    Lease(String follower, String owner, SystemKeys keys, InstantSource clock) {
        this.key = "lease/" + follower;
        this.owner = owner;
        this.keys = keys;
        this.clock = clock;
    }

    /** Returns whether it is held, renewed or taken if it is time; asks the source at most every 2 s. */
    boolean isHeld(Deadline deadline) {
        Instant now = clock.instant();
        if (now.isBefore(renewAt)) {
            return held;
        }
        held = false;
        Optional<KeyEntry> current = keys.get(key, deadline);
        if (current.isEmpty()) {
            held = keys.put(key, owner, TERM, Condition.absent(), deadline);
        } else if (current.get().value().utf8().equals(owner)) {
            held = keys.put(key, owner, TERM, Condition.version(current.get().version()), deadline);
        }
        renewAt = now.plus(RENEWED);
        return held;
    }

    /** Lets others have it at once. */
    void release(Deadline deadline) {
        if (held) {
            held = false;
            Optional<KeyEntry> current = keys.get(key, deadline);
            if (current.isPresent() && current.get().value().utf8().equals(owner)) {
                keys.delete(key, Condition.version(current.get().version()), deadline);
            }
        }
    }
}
