package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Cursors of pages: the last item's sort key, with the kind of list that it belongs to. */
final class Cursor {
    private Cursor() {}

    static String of(String list, Object key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((list + "\n" + key).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the key to go on after; "" for the first page. */
    static String read(PageRequest page, String list) {
        if (page.cursor().isEmpty()) {
            return "";
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(page.cursor()), StandardCharsets.UTF_8);
            if (text.startsWith(list + "\n")) {
                return text.substring(list.length() + 1);
            }
        } catch (IllegalArgumentException malformed) {
            // Said below.
        }
        throw malformed();
    }

    /** Returns the id to go on after; null for the first page. */
    static @Nullable UUID id(PageRequest page, String list) {
        String key = read(page, list);
        try {
            return key.isEmpty() ? null : UUID.fromString(key);
        } catch (IllegalArgumentException malformed) {
            throw malformed();
        }
    }

    private static InvalidRequestException malformed() {
        return new InvalidRequestException(
                "page.cursor", "is not one that a page of this list returned; start with \"\"");
    }
}
