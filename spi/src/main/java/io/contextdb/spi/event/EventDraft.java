package io.contextdb.spi.event;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.PropertyMap;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An event as a caller appends it. Immutable. */
public final class EventDraft {
    private final String type;
    private final String subject;
    private final Payload payload;
    private final @Nullable Instant time;

    private EventDraft(String type, String subject, Payload payload, @Nullable Instant time) {
        this.type = TextRule.EVENT_TYPE.check("event.type", type);
        this.subject = TextRule.SUBJECT.check("event.subject", subject);
        this.payload = Check.notNull("event.payload", payload);
        this.time = time == null ? null : Check.instant("event.time", time);
        if (payload instanceof Payload.Erased) {
            throw new InvalidRequestException("event.payload", "must be JSON or bytes");
        }
    }

    /** Returns an event of a type, 1 to 256 bytes, without subject; its time is that of its append. */
    public static EventDraft of(String type, Payload payload) {
        return new EventDraft(type, "", payload, null);
    }

    /** Returns an event with a JSON payload. */
    public static EventDraft of(String type, PropertyMap body) {
        return of(type, Payload.json(body));
    }

    /** Returns the same event about a subject, 0 to 512 bytes: a node's id, a conversation. */
    public EventDraft about(String what) {
        return new EventDraft(type, what, payload, time);
    }

    /** Returns the same event with the caller's own time, any (contract E4). */
    public EventDraft at(Instant when) {
        return new EventDraft(type, subject, payload, Check.notNull("event.time", when));
    }

    /** Returns the type. */
    public String type() {
        return type;
    }

    /** Returns what it is about, or "". */
    public String subject() {
        return subject;
    }

    /** Returns the payload. */
    public Payload payload() {
        return payload;
    }

    /** Returns the caller's time; empty for the time of the append. */
    public Optional<Instant> time() {
        return Optional.ofNullable(time);
    }
}
