package io.contextdb.spi.value;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import java.time.Instant;

/**
 * A half-open span of time {@code [from, to)} in microseconds, UTC (contract G2, N2). An interval with {@code from == to}
 * is empty: it contains no instant.
 *
 * @param from first instant inside
 * @param to first instant after it, or {@link #OPEN} for an interval without end
 */
public record Interval(Instant from, Instant to) {
    /** The end of an interval that has none; later than every instant that can be stored. */
    public static final Instant OPEN = Instant.MAX;

    /** Truncates to microseconds and checks the order. */
    public Interval {
        from = Check.instant("interval.from", from);
        to = OPEN.equals(to) ? OPEN : Check.instant("interval.to", to);
        if (to.isBefore(from)) {
            throw new InvalidRequestException("interval.to", "must not be before from (" + from + "), is " + to);
        }
    }

    /** Returns the interval from an instant on, without end. */
    public static Interval from(Instant from) {
        return new Interval(from, OPEN);
    }

    /** Returns {@code [from, to)}. */
    public static Interval between(Instant from, Instant to) {
        return new Interval(from, to);
    }

    /** Returns whether the interval has no end. */
    public boolean isOpen() {
        return OPEN.equals(to);
    }

    /** Returns whether {@code from <= instant < to}. */
    public boolean contains(Instant instant) {
        Check.notNull("instant", instant);
        return !instant.isBefore(from) && instant.isBefore(to);
    }

    /** Returns whether some instant lies in both; false if either is empty. */
    public boolean overlaps(Interval other) {
        Check.notNull("other", other);
        return from.isBefore(other.to) && other.from.isBefore(to) && from.isBefore(to) && other.from.isBefore(other.to);
    }

    /** Returns the same start with another end, which is moved up to the start if it is before it. */
    public Interval endingAt(Instant end) {
        Instant truncated = Check.instant("interval.to", end);
        return new Interval(from, truncated.isBefore(from) ? from : truncated);
    }

    @Override
    public String toString() {
        return "[" + from + ", " + (isOpen() ? "" : to) + ")";
    }
}
