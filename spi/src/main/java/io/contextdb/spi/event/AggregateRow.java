package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Figures of one bucket and group.
 *
 * @param bucket first instant of the bucket
 * @param group values of the fields that were grouped by, in their order; null for an absent one
 * @param values the figures by the measures' names, {@link Long} or {@link Double}; an absent figure has no entry
 */
public record AggregateRow(Instant bucket, List<@Nullable Object> group, Map<String, Number> values) {
    /** Copies. */
    public AggregateRow {
        Check.notNull("row.bucket", bucket);
        group = Collections.unmodifiableList(new ArrayList<>(Check.notNull("row.group", group)));
        values = Collections.unmodifiableMap(new TreeMap<>(Check.notNull("row.values", values)));
    }
}
