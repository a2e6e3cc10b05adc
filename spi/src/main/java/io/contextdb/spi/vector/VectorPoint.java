package io.contextdb.spi.vector;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Fields;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A point of a vector space: an id, a vector or a text or both, and a payload to filter by. A point that stands for a node
 * of the graph has the node's id. Immutable.
 */
public final class VectorPoint implements Fields {
    /** Longest text of a point, in bytes of UTF-8. */
    public static final int MAX_TEXT_BYTES = 1 << 20;

    private final UUID id;
    private final @Nullable Vector vector;
    private final String text;
    private final SortedSet<String> labels;
    private final PropertyMap properties;
    private final String source;
    private final String subject;
    private final Interval validity;

    private VectorPoint(Builder builder) {
        id = Check.notNull("point.id", builder.id);
        vector = builder.vector;
        text = TextRule.POINT_TEXT.check("point.text", builder.text);
        labels = builder.labels;
        properties = Check.notNull("point.properties", builder.properties);
        source = TextRule.SOURCE.check("point.source", builder.source);
        subject = TextRule.SUBJECT.check("point.subject", builder.subject);
        validity = Check.notNull("point.validity", builder.validity);
        if (vector == null && text.isEmpty()) {
            throw new InvalidRequestException("point", "needs a vector or a text");
        }
    }

    private VectorPoint(VectorPoint whole) {
        id = whole.id;
        vector = null;
        text = whole.text;
        labels = whole.labels;
        properties = whole.properties;
        source = whole.source;
        subject = whole.subject;
        validity = whole.validity;
    }

    /** Returns a builder for the point with that id, without labels, properties and source, always valid. */
    public static Builder builder(UUID id) {
        return new Builder(id);
    }

    /** Returns a builder that starts from this point. */
    public Builder toBuilder() {
        Builder builder = new Builder(id)
                .text(text)
                .labels(labels)
                .properties(properties)
                .source(source)
                .subject(subject)
                .validity(validity);
        builder.vector = vector;
        return builder;
    }

    /** Returns this point as reads give it that leave vectors out; unlike one that is built, it may have no text either. */
    public VectorPoint withoutVector() {
        return vector == null ? this : new VectorPoint(this);
    }

    /** Returns the id, unique in its space. */
    public UUID id() {
        return id;
    }

    /** Returns the vector; empty for a point of text only, or where a read left it out. */
    public Optional<Vector> vector() {
        return Optional.ofNullable(vector);
    }

    /** Returns the text that text search looks at; "" if there is none. */
    public String text() {
        return text;
    }

    /** Returns the labels, in code point order. */
    public SortedSet<String> labels() {
        return labels;
    }

    /** Returns the properties. */
    public PropertyMap properties() {
        return properties;
    }

    /** Returns the external id of the source, or "". */
    public String source() {
        return source;
    }

    /** Returns what the point is about, or "". */
    public String subject() {
        return subject;
    }

    /** Returns when the point holds. */
    public Interval validity() {
        return validity;
    }

    @Override
    public boolean has(Field field) {
        return switch (field.kind()) {
            case PROPERTY -> properties.contains(field.path());
            case SOURCE -> !source.isEmpty();
            case SUBJECT -> !subject.isEmpty();
            case VALID_TO -> !validity.isOpen();
            case ID, LABELS, VALID_FROM -> true;
            case TYPE, TIME -> false;
        };
    }

    @Override
    public @Nullable Object value(Field field) {
        return switch (field.kind()) {
            case ID -> id.toString();
            case LABELS -> List.copyOf(labels);
            case PROPERTY -> properties.get(field.path());
            case SOURCE -> source.isEmpty() ? null : source;
            case SUBJECT -> subject.isEmpty() ? null : subject;
            case VALID_FROM -> validity.from();
            case VALID_TO -> validity.isOpen() ? null : validity.to();
            case TYPE, TIME -> null;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VectorPoint that
                && id.equals(that.id)
                && vector().equals(that.vector())
                && text.equals(that.text)
                && labels.equals(that.labels)
                && properties.equals(that.properties)
                && source.equals(that.source)
                && subject.equals(that.subject)
                && validity.equals(that.validity);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "VectorPoint[" + id + "]";
    }

    /** Collects the parts of a {@link VectorPoint}. Not thread-safe. */
    public static final class Builder {
        private static final Interval ALWAYS = Interval.from(Instant.parse("0001-01-01T00:00:00Z"));

        private final UUID id;
        private @Nullable Vector vector;
        private String text = "";
        private SortedSet<String> labels = Collections.emptySortedSet();
        private PropertyMap properties = PropertyMap.empty();
        private String source = "";
        private String subject = "";
        private Interval validity = ALWAYS;

        private Builder(UUID id) {
            this.id = id;
        }

        /** Sets the vector. */
        public Builder vector(Vector value) {
            vector = Check.notNull("point.vector", value);
            return this;
        }

        /** Sets the vector. */
        public Builder vector(float... values) {
            return vector(Vector.of(values));
        }

        /** Leaves the vector out. */
        public Builder withoutVector() {
            vector = null;
            return this;
        }

        /** Sets the text. */
        public Builder text(String value) {
            text = value;
            return this;
        }

        /** Replaces the labels. */
        public Builder labels(Collection<String> all) {
            labels = Check.labels("point.labels", all);
            return this;
        }

        /** Replaces the properties. */
        public Builder properties(PropertyMap all) {
            properties = Check.notNull("point.properties", all);
            return this;
        }

        /** Puts one property. */
        public Builder property(String name, @Nullable Object value) {
            properties = properties.with(name, value);
            return this;
        }

        /** Sets the external id of the source. */
        public Builder source(String externalId) {
            source = externalId;
            return this;
        }

        /** Sets what the point is about. */
        public Builder subject(String value) {
            subject = value;
            return this;
        }

        /** Sets when the point holds; default always. */
        public Builder validity(Interval value) {
            validity = value;
            return this;
        }

        /** Returns the point. */
        public VectorPoint build() {
            return new VectorPoint(this);
        }
    }
}
