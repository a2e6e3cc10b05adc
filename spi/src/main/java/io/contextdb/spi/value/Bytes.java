package io.contextdb.spi.value;

import io.contextdb.spi.internal.Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An immutable string of bytes. */
public final class Bytes {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a copy of an array. */
    public static Bytes of(byte[] bytes) {
        return new Bytes(Check.notNull("bytes", bytes).clone());
    }

    /** Returns the UTF-8 form of a text; one with an unpaired surrogate has none, and is refused. */
    public static Bytes utf8(String text) {
        return new Bytes(Check.paired("text", Check.notNull("text", text)).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the number of bytes. */
    public int size() {
        return bytes.length;
    }

    /** Returns a copy as an array. */
    public byte[] toArray() {
        return bytes.clone();
    }

    /** Returns the bytes read as UTF-8; malformed input becomes U+FFFD. */
    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the length and the first bytes; content may be private, so it is never shown whole. */
    @Override
    public String toString() {
        return "Bytes[" + bytes.length + ": " + HexFormat.of().formatHex(bytes, 0, Math.min(8, bytes.length))
                + (bytes.length > 8 ? "…" : "") + "]";
    }
}
