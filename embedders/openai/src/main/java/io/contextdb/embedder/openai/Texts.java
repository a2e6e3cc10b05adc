package io.contextdb.embedder.openai;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rules for texts to embed. */
final class Texts {
    private static final int MOST = 10_000;

    private Texts() {}

    /** Returns the texts, each of at most {@code maxBytes} of UTF-8: what is longer is cut between two characters. */
    static List<String> checked(List<String> texts, int maxBytes) {
        if (texts.size() > MOST) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED, "texts", "has " + texts.size() + " texts; the limit is " + MOST);
        }
        String[] cut = new String[texts.size()];
        for (int i = 0; i < cut.length; i++) {
            String text = texts.get(i);
            if (text.isBlank()) {
                throw new InvalidRequestException("texts[" + i + "]", "must not be blank");
            }
            CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
            if (!encoder.canEncode(text)) {
                throw new InvalidRequestException("texts[" + i + "]", "has an unpaired surrogate");
            }
            cut[i] = cut(encoder, text, maxBytes);
        }
        return List.of(cut);
    }

    private static String cut(CharsetEncoder encoder, String text, int maxBytes) {
        if (text.length() <= maxBytes / 3) {
            return text;
        }
        CharBuffer chars = CharBuffer.wrap(text);
        encoder.reset().encode(chars, ByteBuffer.allocate(maxBytes), true);
        return text.substring(0, chars.position());
    }
}
