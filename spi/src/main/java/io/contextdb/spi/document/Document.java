package io.contextdb.spi.document;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Fields;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.PropertyMap;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored document.
 *
 * @param id 1 to 512 bytes, unique in its collection (contract D1)
 * @param body the JSON object
 * @param subject what it is about, or ""
 * @param version from 1, rising with each write
 * @param updatedAt when this version was committed
 */
public record Document(String id, PropertyMap body, String subject, long version, Instant updatedAt) implements Fields {
    /** Refuses nulls. */
    public Document {
        TextRule.DOCUMENT_ID.check("document.id", id);
        Check.notNull("document.body", body);
        TextRule.SUBJECT.check("document.subject", subject);
        Check.range("document.version", version, 1, Long.MAX_VALUE);
        Check.notNull("document.updatedAt", updatedAt);
    }

    @Override
    public boolean has(Field field) {
        return switch (field.kind()) {
            case PROPERTY -> body.contains(field.path());
            case SUBJECT -> !subject.isEmpty();
            case ID -> true;
            case LABELS, SOURCE, TYPE, TIME, VALID_FROM, VALID_TO -> false;
        };
    }

    @Override
    public @Nullable Object value(Field field) {
        return switch (field.kind()) {
            case ID -> id;
            case PROPERTY -> body.get(field.path());
            case SUBJECT -> subject.isEmpty() ? null : subject;
            case LABELS, SOURCE, TYPE, TIME, VALID_FROM, VALID_TO -> null;
        };
    }
}
