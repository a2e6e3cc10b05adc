package io.contextdb.internal.scaled;

import io.contextdb.spi.value.PropertyMap;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values as bytes: a letter for the kind, then the value; texts and lists after their length. */
final class ValueForm {
    private ValueForm() {}

    static void text(String text, DataOutputStream out) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    static void bytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("ends within a value of " + length + " bytes");
        }
        return bytes;
    }

    static void instant(Instant instant, DataOutputStream out) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    static Instant instant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    static void properties(PropertyMap properties, DataOutputStream out) throws IOException {
        map(properties.asMap(), out);
    }

    static PropertyMap properties(DataInputStream in) throws IOException {
        return PropertyMap.copyOf(map(in));
    }

    private static void map(Map<?, ?> map, DataOutputStream out) throws IOException {
        out.writeInt(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text((String) entry.getKey(), out);
            value(entry.getValue(), out);
        }
    }

    private static Map<String, @Nullable Object> map(DataInputStream in) throws IOException {
        Map<String, @Nullable Object> map = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            map.put(text(in), value(in));
        }
        return map;
    }

    private static void value(@Nullable Object value, DataOutputStream out) throws IOException {
        switch (value) {
            case null -> out.writeByte('0');
            case Boolean bool -> out.writeByte(bool ? 't' : 'f');
            case Long integer -> {
                out.writeByte('i');
                out.writeLong(integer);
            }
            case Double number -> {
                out.writeByte('d');
                out.writeDouble(number);
            }
            case String string -> {
                out.writeByte('s');
                text(string, out);
            }
            case List<?> list -> {
                out.writeByte('l');
                out.writeInt(list.size());
                for (Object element : list) {
                    value(element, out);
                }
            }
            case Map<?, ?> nested -> {
                out.writeByte('m');
                map(nested, out);
            }
            default ->
                throw new IllegalArgumentException(
                        "no property value: " + value.getClass().getName());
        }
    }

    private static @Nullable Object value(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case '0' -> null;
            case 't' -> true;
            case 'f' -> false;
            case 'i' -> in.readLong();
            case 'd' -> in.readDouble();
            case 's' -> text(in);
            case 'l' -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int left = in.readInt(); left > 0; left--) {
                    list.add(value(in));
                }
                yield list;
            }
            case 'm' -> map(in);
            default -> throw new IOException("no value is of kind " + kind);
        };
    }
}
