package io.contextdb.spi.write;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Feeds values into SHA-256 so that different values never feed the same bytes: everything of varying length is preceded
 * by its length, everything of varying type by a tag. Big-endian, UTF-8. Stored digests depend on it, so it never changes.
 */
final class CanonicalForm {
    private final MessageDigest sha = sha256();
    /** What was not fed yet: most values are a few bytes, and to feed each by itself takes longer than its hash. */
    private final ByteBuffer pending = ByteBuffer.allocate(1_024);

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    Bytes digest() {
        feed();
        return Bytes.of(sha.digest());
    }

    private void feed() {
        sha.update(pending.flip());
        pending.clear();
    }

    CanonicalForm number(long value) {
        if (pending.remaining() < Long.BYTES) {
            feed();
        }
        pending.putLong(value);
        return this;
    }

    CanonicalForm number(double value) {
        return number(Double.doubleToLongBits(value));
    }

    CanonicalForm text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    CanonicalForm bytes(byte[] value) {
        number(value.length);
        if (pending.remaining() < value.length) {
            feed();
        }
        if (value.length > pending.capacity()) {
            sha.update(value);
        } else {
            pending.put(value);
        }
        return this;
    }

    CanonicalForm uuid(UUID value) {
        return number(value.getMostSignificantBits()).number(value.getLeastSignificantBits());
    }

    CanonicalForm instant(Instant value) {
        return number(value.getEpochSecond()).number(value.getNano());
    }

    <T> CanonicalForm optional(Optional<T> value, Consumer<T> present) {
        number(value.isPresent() ? 1 : 0);
        value.ifPresent(present);
        return this;
    }

    <T> CanonicalForm list(Collection<T> values, Consumer<T> each) {
        number(values.size());
        values.forEach(each);
        return this;
    }

    CanonicalForm floats(float[] values) {
        ByteBuffer all = ByteBuffer.allocate(Float.BYTES * values.length);
        for (float value : values) {
            all.putInt(Float.floatToIntBits(value));
        }
        return bytes(all.array());
    }

    CanonicalForm properties(PropertyMap map) {
        value(map.asMap());
        return this;
    }

    /** Feeds a value as filters and properties hold it; the keys of maps are in code point order already. */
    void value(@Nullable Object value) {
        switch (value) {
            case null -> text("null");
            case Boolean bool -> text("boolean").number(bool ? 1 : 0);
            case Long integer -> text("integer").number(integer);
            case Double number -> text("float").number(number);
            case String string -> text("string").text(string);
            case Instant instant -> text("instant").instant(instant);
            case List<?> list -> {
                text("list").number(list.size());
                list.forEach(this::value);
            }
            case Map<?, ?> map -> {
                text("map").number(map.size());
                map.forEach((key, entry) -> {
                    text((String) key);
                    value(entry);
                });
            }
            default ->
                throw new IllegalArgumentException(
                        "no property value: " + value.getClass().getName());
        }
    }

    CanonicalForm filter(Filter filter) {
        return switch (filter) {
            case Filter.Everything all -> text("everything");
            case Filter.And and -> text("and").list(and.operands(), this::filter);
            case Filter.Or or -> text("or").list(or.operands(), this::filter);
            case Filter.Not not -> text("not").filter(not.operand());
            case Filter.Exists exists -> text("exists").field(exists.field());
            case Filter.In in -> {
                text("in").field(in.field()).number(in.values().size());
                in.values().forEach(this::value);
                yield this;
            }
            case Filter.Comparison term -> {
                text(term.operator().name()).field(term.field()).value(term.value());
                yield this;
            }
        };
    }

    private CanonicalForm field(Field field) {
        return text(field.kind().name()).list(field.path(), this::text);
    }
}
