package io.contextdb.embedder.openai;

import io.contextdb.spi.error.InvalidRequestException;
import java.util.regex.Pattern;

/** A bearer token, "" for none; its text shows nothing of it. */
record ApiKey(String value) {
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]*");

    ApiKey {
        value = value.strip();
        // The HTTP client shows in its message a header that it refuses.
        if (!VISIBLE.matcher(value).matches()) {
            throw new InvalidRequestException("apiKey", "must consist of visible ASCII characters");
        }
    }

    boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public String toString() {
        return isEmpty() ? "none" : "***";
    }
}
