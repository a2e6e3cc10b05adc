package io.contextdb.spi.internal;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long each kind of text may be, in bytes of UTF-8 (contract G9). What is written, what is read by and what is asked for go by
 * the same rule, so that no text reaches a store that it could not keep, or would bend into another.
 */
public enum TextRule {
    /** Name of a key or limiter. */
    KEY(1, 512),
    /** Start of a key. */
    KEY_PREFIX(0, 512),
    /** Name of a collection of documents. */
    COLLECTION(1, 128),
    /** Id of a document. */
    DOCUMENT_ID(1, 512),
    /** What something is about. */
    SUBJECT(0, 512),
    /** Type of an event. */
    EVENT_TYPE(1, 256),
    /** Name of a consumer group. */
    GROUP(1, 128),
    /** Name of a figure of an aggregate. */
    MEASURE(1, 128),
    /** Name of a vector space. */
    SPACE(1, 128),
    /** Embedding model of a vector space. */
    MODEL(0, 256),
    /** Text of a point. */
    POINT_TEXT(0, 1 << 20),
    /** Words to look for. */
    SEARCH_TEXT(0, 100_000),
    /** A label. */
    LABEL(1, 256),
    /** The source of a node or point, where it may have none. */
    SOURCE(0, 512),
    /** Key of a source. */
    EXTERNAL_ID(1, 512),
    /** The fingerprint of a node, which may have none. */
    FINGERPRINT(0, 512),
    /** A fingerprint that is looked for. */
    ASKED_FINGERPRINT(1, 512),
    /** Type of an edge. */
    EDGE_TYPE(1, 256),
    /** Why something was retracted. */
    REASON(1, 2_048),
    /** A key of properties, and a step of a path to them: as long as a payload may be. */
    PROPERTY_KEY(0, Integer.MAX_VALUE),
    /** A text that a filter compares with. */
    FILTER_TEXT(0, 1 << 20),
    /** Where a page goes on. */
    CURSOR(0, 1 << 20);

    private final int least;
    private final int most;

    TextRule(int least, int most) {
        this.least = least;
        this.most = most;
    }

    /** Returns the most bytes. */
    public int most() {
        return most;
    }

    /** Returns the text, or refuses it with the name of its field. */
    public String check(String field, @Nullable String value) {
        return Check.text(field, value, least, most);
    }

    /** Returns an immutable copy of texts, at most {@code count}, or refuses what breaks the rule with the names of field and index. */
    public List<String> all(String field, @Nullable Collection<?> values, int count) {
        return Check.texts(field, values, count, least, most);
    }
}
