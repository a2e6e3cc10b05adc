package io.contextdb.internal.scaled;

import io.contextdb.spi.value.Deadline;
import java.time.Duration;

/** The share of a call's time that one of its stores gets, so that one that is silent leaves time for the others. */
final class Share {
    private Share() {}

    /** Returns a deadline after half of what remains, or earlier. */
    static Deadline of(Deadline deadline, Duration most) {
        Duration half = deadline.remaining().dividedBy(2).plusNanos(1);
        return Deadline.after(half.compareTo(most) < 0 ? half : most);
    }
}
