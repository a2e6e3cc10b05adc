package io.contextdb.backend.redis;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Cursors of pages: the last item's sort key, with the kind of list that it belongs to. */
final class Cursor {
    private Cursor() {}

    static String of(String list, String key) {
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

    static InvalidRequestException malformed() {
        return new InvalidRequestException(
                "page.cursor", "is not one that a page of this list returned; start with \"\"");
    }
}
