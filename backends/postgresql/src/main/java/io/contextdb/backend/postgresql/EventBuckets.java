package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.event.TimeBucket;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Calendar buckets of event times in SQL, with the answers of {@link TimeBucket#start}. The rules of the zone are this
 * process's and are bound, because the server may know others: instants at which the offset changes, and offsets.
 *
 * @param bucket the unit
 * @param steps the zone's rules
 */
record EventBuckets(TimeBucket bucket, Steps steps) {
    /** After every time that an event can have (contract G2). */
    static final Instant LAST = Instant.parse("+10000-01-03T00:00:00Z");

    private static final long SECOND = 1_000_000;
    private static final long DAY = 86_400 * SECOND;

    /**
     * Offsets of a zone in microseconds, by time.
     *
     * @param at when the offset changes
     * @param local what the clocks show right before
     * @param offsets the offset before the first change, then after each
     * @param until from when on changes are left out
     */
    record Steps(List<Long> at, List<Long> local, List<Long> offsets, Instant until) {
        static Steps of(ZoneId zone, Instant until) {
            ZoneRules rules = zone.getRules();
            List<Long> at = new ArrayList<>();
            List<Long> local = new ArrayList<>();
            List<Long> offsets = new ArrayList<>(List.of(micros(rules.getOffset(Instant.MIN))));
            ZoneOffsetTransition next = rules.nextTransition(Instant.MIN);
            while (next != null && next.getInstant().isBefore(until)) {
                at.add(next.toEpochSecond() * SECOND);
                local.add(next.toEpochSecond() * SECOND + micros(next.getOffsetBefore()));
                offsets.add(micros(next.getOffsetAfter()));
                next = rules.nextTransition(next.getInstant());
            }
            return new Steps(at, local, offsets, next == null ? Instant.MAX : until);
        }

        private static long micros(ZoneOffset offset) {
            return offset.getTotalSeconds() * SECOND;
        }
    }

    private static final String ZONE =
            " CROSS JOIN (SELECT ?::int8[] AS at, ?::int8[] AS local, ?::int8[] AS offsets) zone"
                    + " CROSS JOIN LATERAL (SELECT width_bucket(e.time, zone.at) AS step) s"
                    + " CROSS JOIN LATERAL (SELECT e.time + zone.offsets[s.step + 1] AS local) l"
                    + " CROSS JOIN LATERAL (SELECT UNIT AS local) u";
    /** A shorter unit keeps the offset of the time, unless that began within the unit. */
    private static final String WITHIN_A_DAY = ZONE + """
             CROSS JOIN LATERAL (SELECT CASE WHEN s.step = 0 OR u.local - zone.offsets[s.step + 1] >= zone.at[s.step]
                                             THEN u.local - zone.offsets[s.step + 1]
                                             ELSE u.local - zone.offsets[s.step] END AS start) bucket
            """;
    /** A day that begins twice begins with the first, one whose beginning is left out begins after the gap. */
    private static final String FROM_MIDNIGHT = ZONE + """
             CROSS JOIN LATERAL (SELECT width_bucket(u.local, zone.local) AS step) m
             CROSS JOIN LATERAL (SELECT CASE WHEN m.step = 0 THEN u.local - zone.offsets[1]
                                             ELSE greatest(zone.at[m.step], u.local - zone.offsets[m.step + 1]) END AS start) bucket
            """;

    /** Returns joins after a relation {@code e} with a column {@code time}: {@code bucket.start}, in microseconds. */
    String joins() {
        return switch (bucket) {
            case ALL ->
                " CROSS JOIN (SELECT " + Columns.of(TimeBucket.ALL.start(Instant.EPOCH, ZoneOffset.UTC))
                        + "::int8 AS start) bucket";
            case MINUTE -> WITHIN_A_DAY.replace("UNIT", floor(60 * SECOND, 0));
            case HOUR -> WITHIN_A_DAY.replace("UNIT", floor(3_600 * SECOND, 0));
            case DAY -> FROM_MIDNIGHT.replace("UNIT", floor(DAY, 0));
            // 1970 began on a Thursday.
            case WEEK -> FROM_MIDNIGHT.replace("UNIT", floor(7 * DAY, 3 * DAY));
            case MONTH -> FROM_MIDNIGHT.replace("UNIT", calendar("month"));
            case YEAR -> FROM_MIDNIGHT.replace("UNIT", calendar("year"));
        };
    }

    private static String floor(long unit, long shift) {
        String shifted = "(l.local + " + shift + ")";
        return "l.local - mod(mod(" + shifted + ", " + unit + ") + " + unit + ", " + unit + ")";
    }

    private static String calendar(String unit) {
        return "(date_trunc('" + unit + "', (date '1970-01-01' + ((" + floor(DAY, 0) + ") / " + DAY
                + ")::int4)::timestamp)::date - date '1970-01-01')::int8 * " + DAY;
    }

    /** Returns what the joins bind. */
    List<Object> bound() {
        return bucket == TimeBucket.ALL
                ? List.of()
                : List.of(Many.longs(steps.at()), Many.longs(steps.local()), Many.longs(steps.offsets()));
    }
}
