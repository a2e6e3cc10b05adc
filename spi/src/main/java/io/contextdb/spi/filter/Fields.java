package io.contextdb.spi.filter;

import org.jspecify.annotations.Nullable;

/** A record as filters see it: which fields it has, and their values. */
public interface Fields {
    /** Returns whether the field is there; a property that holds null is. */
    boolean has(Field field);

    /**
     * Returns the field's value: null, {@link Boolean}, {@link Long}, {@link Double}, {@link String},
     * {@link java.time.Instant}, {@link java.util.List} or {@link java.util.Map}; null where it is absent.
     */
    @Nullable
    Object value(Field field);
}
