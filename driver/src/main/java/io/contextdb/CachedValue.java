package io.contextdb;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a cache keeps a value in its key: a byte that says whether it is fresh, then the value. That byte may not take from the
 * store's limit. A value that leaves no room for it is kept without its last byte, which goes to a second key, with a hash of
 * the whole: parts of two different values are then never put together.
 * Immutable.
 */
final class CachedValue {
    /** Nothing, at no version. */
    static final CachedValue ABSENT = new CachedValue(0, Bytes.EMPTY);

    private static final byte STALE = 0;
    private static final byte FRESH = 1;
    private static final byte FRESH_WITHOUT_END = 2;
    private static final byte STALE_WITHOUT_END = 3;

    private final long version;

    /** What the key holds; nothing if it is absent, or was invalidated before anything was there. */
    private final byte[] stored;

    private CachedValue(long version, Bytes stored) {
        this.version = version;
        this.stored = stored.toArray();
    }

    static CachedValue of(KeyEntry entry) {
        return new CachedValue(entry.version(), entry.value());
    }

    /** Returns what a key holds for a fresh value. */
    static Bytes fresh(Bytes value, boolean withoutEnd) {
        byte[] bytes = value.toArray();
        int length = withoutEnd ? bytes.length - 1 : bytes.length;
        byte[] stored = new byte[length + 1];
        stored[0] = withoutEnd ? FRESH_WITHOUT_END : FRESH;
        System.arraycopy(bytes, 0, stored, 1, length);
        return Bytes.of(stored);
    }

    /** Returns what the second key holds for a value that is kept without its end. */
    static Bytes end(Bytes value) {
        byte[] bytes = value.toArray();
        byte[] hash = hash(bytes);
        byte[] end = Arrays.copyOf(hash, hash.length + 1);
        end[hash.length] = bytes[bytes.length - 1];
        return Bytes.of(end);
    }

    /** Returns the version of the key; 0 if it is absent. */
    long version() {
        return version;
    }

    boolean isFresh() {
        byte state = state();
        return state == FRESH || state == FRESH_WITHOUT_END;
    }

    boolean isWithoutEnd() {
        byte state = state();
        return state == FRESH_WITHOUT_END || state == STALE_WITHOUT_END;
    }

    /** Returns the value, where nothing of it is missing; empty if there is none. */
    Optional<Bytes> value() {
        return stored.length == 0 || isWithoutEnd()
                ? Optional.empty()
                : Optional.of(Bytes.of(Arrays.copyOfRange(stored, 1, stored.length)));
    }

    /** Returns the value with its end; empty if that belongs to another value. */
    Optional<Bytes> value(Bytes end) {
        byte[] last = end.toArray();
        if (last.length == 0 || stored.length == 0) {
            return Optional.empty();
        }
        byte[] value = Arrays.copyOfRange(stored, 1, stored.length + 1);
        value[value.length - 1] = last[last.length - 1];
        return Arrays.equals(hash(value), Arrays.copyOf(last, last.length - 1))
                ? Optional.of(Bytes.of(value))
                : Optional.empty();
    }

    /** Returns what the key holds once it was invalidated. */
    Bytes invalidated() {
        byte[] stale = stored.clone();
        if (stale.length > 0) {
            stale[0] = isWithoutEnd() ? STALE_WITHOUT_END : STALE;
        }
        return Bytes.of(stale);
    }

    private byte state() {
        return stored.length == 0 ? STALE : stored[0];
    }

    private static byte[] hash(byte[] value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
