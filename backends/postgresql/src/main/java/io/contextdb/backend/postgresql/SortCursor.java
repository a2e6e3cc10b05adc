package io.contextdb.backend.postgresql;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.value.PropertyMap;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cursors of sorted finds: the last document, cut down to the fields that it was sorted by. */
final class SortCursor {
    private static final int MAX_CHARS = 4096;

    private SortCursor() {}

    static String write(List<SortKey> sort, Document last) {
        Map<String, @Nullable Object> body = new HashMap<>();
        for (SortKey key : sort) {
            if (key.field().kind() == Field.Kind.PROPERTY && last.has(key.field())) {
                put(body, key.field().path(), last.value(key.field()));
            }
        }
        String cursor = Cursor.of(
                "sorted", fields(sort), last.id(), last.subject(), JsonColumn.write(PropertyMap.copyOf(body)));
        if (cursor.length() > MAX_CHARS) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "documents.sort",
                    "sorts by values of more than 2,000 bytes, which no cursor holds; ask for one page, or sort by less");
        }
        return cursor;
    }

    static Document read(List<SortKey> sort, String cursor) {
        return Cursor.parse("sorted", 4, cursor, parts -> {
            if (!parts.get(0).equals(fields(sort))) {
                throw new IllegalArgumentException("another sort");
            }
            return new Document(parts.get(1), JsonColumn.read(parts.get(3)), parts.get(2), 1, Instant.EPOCH);
        });
    }

    private static String fields(List<SortKey> sort) {
        return Integer.toHexString(sort.toString().hashCode());
    }

    private static void put(Map<String, @Nullable Object> map, List<String> path, @Nullable Object value) {
        if (path.size() == 1) {
            map.put(path.get(0), value);
            return;
        }
        Map<String, @Nullable Object> child = new HashMap<>();
        if (map.get(path.get(0)) instanceof Map<?, ?> old) {
            old.forEach((key, inner) -> child.put(String.valueOf(key), inner));
        }
        put(child, path.subList(1, path.size()), value);
        map.put(path.get(0), child);
    }
}
