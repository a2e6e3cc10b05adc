package io.contextdb.internal.scaled;

import io.contextdb.spi.journal.JournalPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Knows how far a store has been for so long that it cannot lose it in a crash: stores write to their disks every second or so, and
 * replicas that take over are seconds behind at most. Used by one thread.
 */
final class Certainty {
    private static final Duration AGE = Duration.ofSeconds(30);
    private static final Duration APART = Duration.ofSeconds(1);

    private record Reached(JournalPosition position, Instant at) {}

    private final Deque<Reached> reached = new ArrayDeque<>();
    private @Nullable JournalPosition certain;

    /** Begins anew: the store may have lost all that was not certain. */
    void begin() {
        reached.clear();
        certain = null;
    }

    /** Takes over what was certain to whoever wrote the watermark. */
    void inherit(@Nullable JournalPosition position) {
        certain = position;
    }

    /** Notes that the store has reached a position; some of them a second apart are enough. */
    void reached(JournalPosition position, Instant now) {
        if (reached.isEmpty() || !now.isBefore(reached.getLast().at().plus(APART))) {
            reached.addLast(new Reached(position, now));
        }
    }

    /** Returns the last position that is certain; null if there is none. */
    @Nullable
    JournalPosition certain(Instant now) {
        while (!reached.isEmpty() && !now.isBefore(reached.getFirst().at().plus(AGE))) {
            certain = reached.removeFirst().position();
        }
        return certain;
    }
}
