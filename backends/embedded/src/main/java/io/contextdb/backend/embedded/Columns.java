package io.contextdb.backend.embedded;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How values of the model stand in columns. */
final class Columns {
    /** An instant that never comes: the end of an open interval. */
    static final long OPEN = Long.MAX_VALUE;

    private static final long MICROS = 1_000_000;

    /** Few sets of labels stand on many records. */
    private static final Cache<String, SortedSet<String>> LABELS =
            Caffeine.newBuilder().executor(Runnable::run).maximumSize(1_000).build();

    private Columns() {}

    static byte[] of(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /** Returns what {@code SELECT unhex(value) FROM json_each(?)} takes apart: many ids in one parameter. */
    static String list(Collection<UUID> ids) {
        StringJoiner list = new StringJoiner("\",\"", "[\"", "\"]").setEmptyValue("[]");
        ids.forEach(id -> list.add(HexFormat.of().formatHex(of(id))));
        return list.toString();
    }

    static UUID uuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static UUID uuid(ResultSet row, int column) throws SQLException {
        return uuid(row.getBytes(column));
    }

    static long of(Instant instant) {
        return Interval.OPEN.equals(instant)
                ? OPEN
                : Math.addExact(Math.multiplyExact(instant.getEpochSecond(), MICROS), instant.getNano() / 1_000);
    }

    static Instant instant(long micros) {
        return micros == OPEN
                ? Interval.OPEN
                : Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    static Interval interval(long from, long to) {
        return new Interval(instant(from), instant(to));
    }

    static PropertyMap properties(ResultSet row, int column) throws SQLException {
        return StoredJson.properties(row.getString(column));
    }

    static SortedSet<String> labels(ResultSet row, int column) throws SQLException {
        return LABELS.get(row.getString(column), Columns::labels);
    }

    private static SortedSet<String> labels(String json) {
        SortedSet<String> labels = new TreeSet<>(CodePointOrder.INSTANCE);
        labels.addAll(StoredJson.strings(json));
        return Collections.unmodifiableSortedSet(labels);
    }

    static byte @Nullable [] of(@Nullable Vector vector) {
        if (vector == null) {
            return null;
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * vector.dimensions()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector.toArray());
        return bytes.array();
    }

    static @Nullable Vector vector(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        if (bytes == null) {
            return null;
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return Vector.of(values);
    }
}
