package io.contextdb.backend.postgresql;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Cursors of pages: the sort key of the last item, with the kind of list that it belongs to. */
final class Cursor {
    private Cursor() {}

    static String of(String list, Object... key) {
        String json = PropertyJson.write(
                PropertyMap.of(list, Arrays.stream(key).map(String::valueOf).toList()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the parts of the key, read by {@code key}; any failure of that is the caller's malformed cursor. */
    static <T> T parse(String list, int parts, String cursor, Function<List<String>, T> key) {
        try {
            String json = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (PropertyJson.read(json).get(list) instanceof List<?> read && read.size() == parts) {
                return key.apply(read.stream().map(String::valueOf).toList());
            }
        } catch (IllegalArgumentException | InvalidRequestException malformed) {
            // Said below.
        }
        throw new InvalidRequestException(
                "page.cursor", "is not one that a page of this list returned; start with \"\"");
    }

    static UUID id(String list, String cursor) {
        return parse(list, 1, cursor, parts -> UUID.fromString(parts.get(0)));
    }
}
