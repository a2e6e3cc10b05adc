package io.contextdb.spi.value;

import io.contextdb.spi.internal.Check;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A point on both axes of time (contract N3): what was true at {@code validAt}, as far as the system knew at
 * {@code knownAt}. Each axis may be left at "now", which the store resolves by its own clock when it reads.
 */
public final class AsOf {
    private static final AsOf NOW = new AsOf(null, null);

    private final @Nullable Instant validAt;
    private final @Nullable Instant knownAt;

    private AsOf(@Nullable Instant validAt, @Nullable Instant knownAt) {
        this.validAt = validAt;
        this.knownAt = knownAt;
    }

    /** Returns what is valid now, as known now. */
    public static AsOf now() {
        return NOW;
    }

    /** Returns what was or will be valid at an instant, as known now. */
    public static AsOf validAt(Instant validAt) {
        return new AsOf(Check.instant("asOf.validAt", validAt), null);
    }

    /** Returns what was valid at an instant, as known at the same instant: the world as one saw it then. */
    public static AsOf at(Instant instant) {
        return of(instant, instant);
    }

    /** Returns what was valid at one instant, as known at another. */
    public static AsOf of(Instant validAt, Instant knownAt) {
        return new AsOf(Check.instant("asOf.validAt", validAt), Check.instant("asOf.knownAt", knownAt));
    }

    /** Returns the instant of validity; empty for the store's now. */
    public Optional<Instant> validAt() {
        return Optional.ofNullable(validAt);
    }

    /** Returns the instant of knowledge; empty for everything committed so far. */
    public Optional<Instant> knownAt() {
        return Optional.ofNullable(knownAt);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AsOf that
                && Objects.equals(validAt, that.validAt)
                && Objects.equals(knownAt, that.knownAt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(validAt, knownAt);
    }

    @Override
    public String toString() {
        return "AsOf[validAt=" + (validAt == null ? "now" : validAt) + ", knownAt="
                + (knownAt == null ? "now" : knownAt) + "]";
    }
}
