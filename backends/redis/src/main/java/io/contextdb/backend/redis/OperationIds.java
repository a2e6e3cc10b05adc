package io.contextdb.backend.redis;

import io.contextdb.spi.error.CorruptDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** Operation ids in 22 characters, because there are many. */
final class OperationIds {
    private OperationIds() {}

    static byte[] write(UUID id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encode(ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
    }

    static UUID read(String text) {
        try {
            ByteBuffer id = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII)));
            return new UUID(id.getLong(), id.getLong());
        } catch (RuntimeException malformed) {
            throw new CorruptDataException("an operation id cannot be read; something else wrote it", malformed);
        }
    }
}
