package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;

/** What an event carries (contract E4). */
public sealed interface Payload {
    /**
     * A JSON object.
     *
     * @param body the object
     */
    record Json(PropertyMap body) implements Payload {
        /** Refuses null. */
        public Json {
            Check.notNull("event.payload", body);
        }
    }

    /**
     * Bytes.
     *
     * @param bytes the bytes
     */
    record Binary(Bytes bytes) implements Payload {
        /** Refuses null. */
        public Binary {
            Check.notNull("event.payload", bytes);
        }
    }

    /** Nothing any more: the payload belonged to something that was erased (N6). */
    record Erased() implements Payload {}

    /** Returns a JSON payload. */
    static Payload json(PropertyMap body) {
        return new Json(body);
    }

    /** Returns a binary payload. */
    static Payload bytes(Bytes bytes) {
        return new Binary(bytes);
    }
}
