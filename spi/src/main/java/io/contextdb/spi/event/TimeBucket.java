package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** A calendar unit that event times are grouped by, in a time zone (contract E6). */
public enum TimeBucket {
    /** One bucket for everything, starting at 0001-01-01T00:00:00Z. */
    ALL,
    /** A minute. */
    MINUTE,
    /** An hour of the zone's clock. */
    HOUR,
    /** A day of the zone's calendar. */
    DAY,
    /** A week, from Monday on (ISO 8601). */
    WEEK,
    /** A month. */
    MONTH,
    /** A year. */
    YEAR;

    /** Returns the first instant of the bucket that an instant lies in. */
    public Instant start(Instant instant, ZoneId zone) {
        ZonedDateTime time = Check.instant("instant", instant).atZone(Check.notNull("zone", zone));
        return switch (this) {
            case ALL -> Instant.parse("0001-01-01T00:00:00Z");
            case MINUTE -> time.truncatedTo(ChronoUnit.MINUTES).toInstant();
            case HOUR -> time.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> time.toLocalDate().atStartOfDay(zone).toInstant();
            case WEEK ->
                time.toLocalDate()
                        .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                        .atStartOfDay(zone)
                        .toInstant();
            case MONTH ->
                time.toLocalDate().withDayOfMonth(1).atStartOfDay(zone).toInstant();
            case YEAR -> time.toLocalDate().withDayOfYear(1).atStartOfDay(zone).toInstant();
        };
    }
}
