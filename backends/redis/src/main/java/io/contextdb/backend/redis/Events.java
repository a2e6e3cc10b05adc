package io.contextdb.backend.redis;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How events stand in arguments and answers of scripts. */
final class Events {
    static final String JSON = "j";
    static final String BINARY = "b";
    private static final String ERASED = "x";

    /** A commit's number counts its time in units of 10 microseconds. */
    private static final long COMMIT_MICROS = 10;

    private Events() {}

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static Instant committedAt(long commit) {
        return instant(commit * COMMIT_MICROS);
    }

    /** Returns the number that a commit at a time of the server would have. */
    static long commitAt(long micros) {
        return micros / COMMIT_MICROS;
    }

    /** Returns a position as a text that orders like it. */
    static String padded(EventPosition position) {
        return "%019d-%019d".formatted(position.commit(), position.sequence());
    }

    /** Returns an event from {@code { id, type, subject, time, kind, payload }}. */
    static Event event(List<?> fields) {
        EventPosition position = EventPosition.parse(Names.text(fields.get(0)));
        return new Event(
                position,
                Names.text(fields.get(1)),
                Names.text(fields.get(2)),
                payload(Names.text(fields.get(4)), (byte[]) fields.get(5)),
                instant(Long.parseLong(Names.text(fields.get(3)))),
                committedAt(position.commit()));
    }

    private static Payload payload(String kind, byte[] bytes) {
        return switch (kind) {
            case JSON -> {
                try {
                    yield Payload.json(PropertyJson.read(Names.text(bytes)));
                } catch (InvalidRequestException malformed) {
                    throw new CorruptDataException("a stored payload is not JSON; the store was damaged", malformed);
                }
            }
            case BINARY -> Payload.bytes(Bytes.of(bytes));
            case ERASED -> new Payload.Erased();
            default -> throw new CorruptDataException("a stored event is of no known kind", null);
        };
    }
}
