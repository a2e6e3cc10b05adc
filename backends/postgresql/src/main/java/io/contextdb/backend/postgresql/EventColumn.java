package io.contextdb.backend.postgresql;

import io.contextdb.spi.event.Payload;
import org.jspecify.annotations.Nullable;

/** How the payload of an event stands in its columns; the third kind is an erased one. */
final class EventColumn {
    private EventColumn() {}

    static int kind(Payload payload) {
        return payload instanceof Payload.Json ? 0 : 1;
    }

    static @Nullable String body(Payload payload) {
        return payload instanceof Payload.Json json ? JsonColumn.write(json.body()) : null;
    }

    static byte @Nullable [] bytes(Payload payload) {
        return payload instanceof Payload.Binary binary ? binary.bytes().toArray() : null;
    }
}
