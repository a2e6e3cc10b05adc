package io.contextdb.backend.memory;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Opaque cursors: the kind of list and the key of the last item read, so that writes in between move nothing. */
final class Cursor {
    private Cursor() {}

    static String of(String kind, Object... key) {
        StringBuilder text = new StringBuilder(kind);
        for (Object part : key) {
            text.append('\0').append(part);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the key's parts; none for the first page. */
    static List<String> read(PageRequest page, String kind, int parts) {
        if (page.cursor().isEmpty()) {
            return List.of();
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(page.cursor()), StandardCharsets.UTF_8);
            List<String> all = List.of(text.split("\0", -1));
            if (all.size() == parts + 1 && all.get(0).equals(kind)) {
                return all.subList(1, all.size());
            }
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
        throw malformed();
    }

    static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException notUuid) {
            throw malformed();
        }
    }

    static InvalidRequestException malformed() {
        return new InvalidRequestException("page.cursor", "must be one that a page of the same list returned");
    }
}
