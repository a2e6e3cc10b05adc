package io.contextdb.spi.filter;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import java.util.List;

/**
 * What a filter looks at.
 *
 * @param kind the part of the record
 * @param path for {@link Kind#PROPERTY}, the keys from the root of the properties (or of the document) to the value, 1 to
 *     {@value io.contextdb.spi.value.PropertyMap#MAX_DEPTH} of them; else empty
 */
public record Field(Kind kind, List<String> path) {
    /** The parts of a record that filters know. */
    public enum Kind {
        /** The id, a string; UUIDs in their canonical lower-case form. */
        ID,
        /** The labels, a list of strings in code point order. */
        LABELS,
        /** A property of a node, edge or point, or a value inside a document or an event's payload. */
        PROPERTY,
        /** The source's external id, a string; absent where the record has none. */
        SOURCE,
        /** What the record is about, a string; absent where the record has none. */
        SUBJECT,
        /** The type of an edge or event, a string. */
        TYPE,
        /** The event's own time, an instant. */
        TIME,
        /** Start of validity, an instant. */
        VALID_FROM,
        /** End of validity, an instant; absent while it is open. */
        VALID_TO
    }

    /** Checks the path. */
    public Field {
        Check.notNull("field.kind", kind);
        path = TextRule.PROPERTY_KEY.all("field.path", path, io.contextdb.spi.value.PropertyMap.MAX_DEPTH);
        if (path.isEmpty() == (kind == Kind.PROPERTY)) {
            throw new InvalidRequestException(
                    "field.path", kind == Kind.PROPERTY ? "must not be empty" : "must be empty for " + kind);
        }
    }

    /** The id. */
    public static Field id() {
        return new Field(Kind.ID, List.of());
    }

    /** The labels. */
    public static Field labels() {
        return new Field(Kind.LABELS, List.of());
    }

    /** The property at a path of keys. */
    public static Field property(String... path) {
        return new Field(Kind.PROPERTY, Check.list("field.path", path, io.contextdb.spi.value.PropertyMap.MAX_DEPTH));
    }

    /** The source. */
    public static Field source() {
        return new Field(Kind.SOURCE, List.of());
    }

    /** The subject. */
    public static Field subject() {
        return new Field(Kind.SUBJECT, List.of());
    }

    /** The type of an edge or event. */
    public static Field type() {
        return new Field(Kind.TYPE, List.of());
    }

    /** The event's own time. */
    public static Field time() {
        return new Field(Kind.TIME, List.of());
    }

    /** The start of validity. */
    public static Field validFrom() {
        return new Field(Kind.VALID_FROM, List.of());
    }

    /** The end of validity. */
    public static Field validTo() {
        return new Field(Kind.VALID_TO, List.of());
    }
}
