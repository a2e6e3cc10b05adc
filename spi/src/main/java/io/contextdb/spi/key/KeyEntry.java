package io.contextdb.spi.key;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.Bytes;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key with its value, as it was read. Immutable. */
public final class KeyEntry {
    private final String key;
    private final Bytes value;
    private final long version;
    private final @Nullable Instant expiresAt;

    /**
     * Creates an entry.
     *
     * @param key the key
     * @param value its value; that of a counter is its decimal text
     * @param version rises with each write of the key
     * @param expiresAt when the key expires by the store's clock, in milliseconds; null if it does not
     */
    public KeyEntry(String key, Bytes value, long version, @Nullable Instant expiresAt) {
        this.key = Check.notNull("entry.key", key);
        this.value = Check.notNull("entry.value", value);
        this.version = Check.range("entry.version", version, 1, Long.MAX_VALUE);
        this.expiresAt = expiresAt;
    }

    /** Returns the key. */
    public String key() {
        return key;
    }

    /** Returns the value. */
    public Bytes value() {
        return value;
    }

    /** Returns the version. */
    public long version() {
        return version;
    }

    /** Returns when the key expires; empty if it does not. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyEntry that
                && key.equals(that.key)
                && value.equals(that.value)
                && version == that.version
                && expiresAt().equals(that.expiresAt());
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "KeyEntry[" + key + " version " + version + ", " + value.size() + " bytes]";
    }
}
