package io.contextdb.spi.event;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Fields;
import io.contextdb.spi.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored event.
 *
 * @param position place in the log
 * @param type the kind of event
 * @param subject what it is about, or ""
 * @param payload what it carries
 * @param time the caller's time
 * @param appendedAt the system's time
 */
public record Event(
        EventPosition position, String type, String subject, Payload payload, Instant time, Instant appendedAt)
        implements Fields {
    /** Refuses nulls. */
    public Event {
        Check.notNull("event.position", position);
        Check.notNull("event.type", type);
        Check.notNull("event.subject", subject);
        Check.notNull("event.payload", payload);
        Check.notNull("event.time", time);
        Check.notNull("event.appendedAt", appendedAt);
    }

    /** Returns the same event without its payload, as erasure leaves it. */
    public Event erased() {
        return new Event(position, type, subject, new Payload.Erased(), time, appendedAt);
    }

    @Override
    public boolean has(Field field) {
        return switch (field.kind()) {
            case PROPERTY -> payload instanceof Payload.Json json && json.body().contains(field.path());
            case SUBJECT -> !subject.isEmpty();
            case ID, TYPE, TIME -> true;
            case LABELS, SOURCE, VALID_FROM, VALID_TO -> false;
        };
    }

    @Override
    public @Nullable Object value(Field field) {
        return switch (field.kind()) {
            case ID -> position.toString();
            case TYPE -> type;
            case TIME -> time;
            case SUBJECT -> subject.isEmpty() ? null : subject;
            case PROPERTY -> payload instanceof Payload.Json json ? json.body().get(field.path()) : null;
            case LABELS, SOURCE, VALID_FROM, VALID_TO -> null;
        };
    }
}
