package io.contextdb.spi.event;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.internal.Check;
import java.time.ZoneId;
import java.util.List;

/**
 * Figures over events, by time and by fields (contract E6). Buckets without events are left out.
 *
 * @param filter which events; over type, subject, time and payload
 * @param bucket how event times are grouped
 * @param zone in which zone's calendar
 * @param groupBy fields whose values, at most 8, split each bucket; a field that is absent groups as null
 * @param measures the figures, 1 to 32
 */
public record AggregateQuery(
        Filter filter, TimeBucket bucket, ZoneId zone, List<Field> groupBy, List<Measure> measures) {
    /** Checks and copies. */
    public AggregateQuery {
        Check.notNull("aggregate.filter", filter);
        Check.notNull("aggregate.bucket", bucket);
        Check.notNull("aggregate.zone", zone);
        groupBy = Check.list("aggregate.groupBy", groupBy, 8);
        measures = Check.list("aggregate.measures", measures, 32);
        Check.range("aggregate.measures", measures.size(), 1, 32);
    }
}
