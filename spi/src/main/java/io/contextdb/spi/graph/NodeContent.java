package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.PropertyMap;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a node states.
 *
 * @param labels at most 256 labels of 1 to 256 bytes, in code point order
 * @param properties the properties
 * @param source external id of the source that states it, 0 to 512 bytes; "" if none is known
 * @param confidence how sure the system is, in [0, 1]; default 1
 * @param fingerprint identifies equal content, 0 to 512 bytes; "" for none (contract N10)
 */
public record NodeContent(
        SortedSet<String> labels, PropertyMap properties, String source, double confidence, String fingerprint) {
    /** Checks and copies. */
    public NodeContent {
        labels = Check.labels("node.labels", labels);
        Check.notNull("node.properties", properties);
        TextRule.SOURCE.check("node.source", source);
        Check.range("node.confidence", confidence, 0, 1);
        TextRule.FINGERPRINT.check("node.fingerprint", fingerprint);
    }

    /** Returns a builder without labels and properties, of confidence 1. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder that starts from this content. */
    public Builder toBuilder() {
        return new Builder()
                .labels(labels)
                .properties(properties)
                .source(source)
                .confidence(confidence)
                .fingerprint(fingerprint);
    }

    /** Collects the parts of a {@link NodeContent}. Not thread-safe. */
    public static final class Builder {
        private SortedSet<String> labels = Collections.emptySortedSet();
        private PropertyMap properties = PropertyMap.empty();
        private String source = "";
        private double confidence = 1;
        private String fingerprint = "";

        private Builder() {}

        /** Adds a label. */
        public Builder label(String label) {
            SortedSet<String> more = new TreeSet<>(CodePointOrder.INSTANCE);
            more.addAll(labels);
            more.add(TextRule.LABEL.check("node.labels", label));
            labels = more;
            return this;
        }

        /** Replaces the labels. */
        public Builder labels(Collection<String> all) {
            labels = Check.labels("node.labels", all);
            return this;
        }

        /** Replaces the properties. */
        public Builder properties(PropertyMap all) {
            properties = Check.notNull("node.properties", all);
            return this;
        }

        /** Puts one property. */
        public Builder property(String name, @org.jspecify.annotations.Nullable Object value) {
            properties = properties.with(name, value);
            return this;
        }

        /** Sets the external id of the source. */
        public Builder source(String externalId) {
            source = externalId;
            return this;
        }

        /** Sets the confidence, in [0, 1]. */
        public Builder confidence(double value) {
            confidence = value;
            return this;
        }

        /** Sets the fingerprint. */
        public Builder fingerprint(String value) {
            fingerprint = value;
            return this;
        }

        /** Returns the content. */
        public NodeContent build() {
            return new NodeContent(labels, properties, source, confidence, fingerprint);
        }
    }
}
