package io.contextdb.spi.event;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.internal.Check;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Figures over events, by time and by fields (contract E6). Buckets without events are left out.
 *
 * @param filter which events; over type, subject, time and payload
 * @param bucket how event times are grouped
 * @param zone in which zone's calendar
 * @param groupBy fields whose values, at most 8, split each bucket; a field that is absent groups as null
 * @param measures the figures, 1 to 32, each with a name of its own
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
        Set<String> names = new HashSet<>();
        for (Measure measure : measures) {
            if (!names.add(measure.name())) {
                // A row has one figure by a name, so that one of the two would be lost.
                throw new InvalidRequestException(
                        "aggregate.measures", "has the name '" + Check.shown(measure.name()) + "' twice");
            }
        }
    }
}
