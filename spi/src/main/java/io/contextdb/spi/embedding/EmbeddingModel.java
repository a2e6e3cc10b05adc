package io.contextdb.spi.embedding;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.vector.Vector;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which model makes the vectors. Vectors of different models are never compared: a namespace keeps the model that it was
 * begun with.
 *
 * @param id stable name, 1 to 256 bytes, for example {@code "all-minilm-l6-v2-q"}
 * @param dimensions length of its vectors
 * @param maxTextBytes longest text that it takes whole, in bytes; what is longer is cut by the model
 */
public record EmbeddingModel(String id, int dimensions, int maxTextBytes) {
    private static final int MOST_TEXTS = 10_000;

    /** Checks the parts. */
    public EmbeddingModel {
        Check.text("model.id", id, 1, 256);
        Check.range("model.dimensions", dimensions, 1, Vector.MAX_DIMENSIONS);
        Check.range("model.maxTextBytes", maxTextBytes, 1, Integer.MAX_VALUE);
    }

    /**
     * Returns texts as the model takes them whole: longer ones are cut between two characters, at {@link #maxTextBytes}. For
     * authors of embedders, so that all of them refuse and cut the same.
     *
     * @throws InvalidRequestException if there are more than 10,000, or one is blank or not valid Unicode
     */
    public List<String> fit(List<String> texts) {
        Check.notNull("texts", texts);
        if (texts.size() > MOST_TEXTS) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED, "texts", "has " + texts.size() + " texts; the limit is " + MOST_TEXTS);
        }
        String[] fitted = new String[texts.size()];
        for (int i = 0; i < fitted.length; i++) {
            fitted[i] = fit("texts[" + i + "]", texts.get(i));
        }
        return List.of(fitted);
    }

    private String fit(String field, String text) {
        if (Check.notNull(field, text).isBlank()) {
            throw new InvalidRequestException(field, "must not be blank");
        }
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        if (!encoder.canEncode(text)) {
            throw new InvalidRequestException(field, "has an unpaired surrogate");
        }
        if (text.length() <= maxTextBytes / 3) {
            return text;
        }
        CharBuffer chars = CharBuffer.wrap(text);
        encoder.reset().encode(chars, ByteBuffer.allocate(maxTextBytes), true);
        return text.substring(0, chars.position());
    }
}
