package io.contextdb.backend.embedded;

import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Cursors of pages: the sort key of the last item, with the kind of list that it belongs to. */
final class Cursor {
    private Cursor() {}

    static String of(String list, Object... key) {
        List<String> parts = new ArrayList<>();
        parts.add(list);
        Arrays.stream(key).map(String::valueOf).forEach(parts::add);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(StoredJson.write(parts).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the parts of the key, read by {@code key}; any failure of that is the caller's malformed cursor. */
    static <T> T parse(String list, int parts, String cursor, Function<List<String>, T> key) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(cursor);
            List<String> read = StoredJson.strings(new String(json, StandardCharsets.UTF_8));
            if (read.size() == parts + 1 && read.get(0).equals(list)) {
                return key.apply(read.subList(1, read.size()));
            }
        } catch (IllegalArgumentException | CorruptDataException malformed) {
            // Said below.
        }
        throw new InvalidRequestException(
                "page.cursor", "is not one that a page of this list returned; start with \"\"");
    }

    static UUID id(String list, String cursor) {
        return parse(list, 1, cursor, parts -> UUID.fromString(parts.get(0)));
    }
}
