package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.replaced;

import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import java.text.Normalizer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Values that do not survive the way through a store's own types: numbers, texts, instants. */
final class ValueDefects {
    private static final Object DROPPED = new Object();
    private static final Instant YEAR_9999 = Instant.parse("9999-12-31T00:00:00Z");

    private ValueDefects() {}

    private record Carrier(String name, Class<? extends Mutation> mutation, String statement) {}

    private record Loss(String name, String sentence, UnaryOperator<@Nullable Object> change) {}

    private static final List<Carrier> CARRIERS = List.of(
            new Carrier("node", GraphMutation.PutNode.class, "G3 N1"),
            new Carrier("edge", GraphMutation.PutEdge.class, "G3 N7"),
            new Carrier("source", GraphMutation.PutSource.class, "G3 N9"),
            new Carrier("point", VectorMutation.PutPoint.class, "G3 V5b"),
            new Carrier("event", EventMutation.Append.class, "G3 E4"),
            new Carrier("document", DocumentMutation.class, "G3 D1"));

    private static final List<Loss> LOSSES = List.of(
            new Loss(
                    "integers-through-doubles",
                    "Integers beyond 2^53 lose their last bits in",
                    value -> value instanceof Long number ? (Object) (long) (double) number : value),
            new Loss(
                    "whole-floats-as-integers",
                    "Floats without fraction come back as integers in",
                    value -> value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
                            ? (Object) (long) (double) number
                            : value),
            new Loss("nulls-dropped", "Nulls are left out of", value -> value == null ? DROPPED : value));

    /** Losses that are tried on one carrier only; the others share their code in every store. */
    private static final List<Loss> ONCE = List.of(
            new Loss(
                    "negative-zero-lost",
                    "-0.0 becomes 0.0 in",
                    value -> value instanceof Double number ? (Object) (number + 0.0) : value),
            new Loss(
                    "denormals-flushed",
                    "Denormal floats become zero in",
                    value -> value instanceof Double number && Math.abs(number) < Double.MIN_NORMAL
                            ? (Object) 0.0
                            : value),
            new Loss(
                    "texts-normalised",
                    "Texts are brought into Unicode normal form C in",
                    value -> value instanceof String text ? Normalizer.normalize(text, Normalizer.Form.NFC) : value),
            new Loss(
                    "texts-trimmed",
                    "Blanks around texts are cut off in",
                    value -> value instanceof String text ? text.strip() : value),
            new Loss(
                    "astral-characters-lost",
                    "Characters beyond the basic plane become question marks in",
                    value -> value instanceof String text ? text.replaceAll("[\\x{10000}-\\x{10FFFF}]", "?") : value),
            new Loss(
                    "floats-single",
                    "Floats are kept with 32 bits in",
                    value -> value instanceof Double number && Math.abs(number) < Float.MAX_VALUE
                            ? (Object) (double) (float) (double) number
                            : value),
            new Loss(
                    "empty-lists-as-null",
                    "Empty lists come back as null in",
                    value -> value instanceof List<?> list && list.isEmpty() ? null : value),
            new Loss(
                    "empty-texts-as-null",
                    "Empty texts come back as null in",
                    value -> "".equals(value) ? null : value));

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>();
        for (Carrier carrier : CARRIERS) {
            LOSSES.forEach(loss -> all.add(defect(carrier, loss)));
        }
        ONCE.forEach(loss -> all.add(defect(CARRIERS.get(5), loss)));
        all.add(defect(CARRIERS.get(0), ONCE.get(0)));
        all.add(defect(CARRIERS.get(3), ONCE.get(0)));
        all.add(defect(CARRIERS.get(0), ONCE.get(2)));
        all.addAll(instants());
        return all;
    }

    private static Defect defect(Carrier carrier, Loss loss) {
        return of(
                carrier.name() + "-" + loss.name(),
                loss.sentence() + " " + carrier.name() + "s.",
                carrier.statement(),
                replaced(
                        carrier.mutation(),
                        mutation -> Rewriting.within(mutation, PropertyMap.class, map -> changed(map, loss.change()))));
    }

    static PropertyMap changed(PropertyMap map, UnaryOperator<@Nullable Object> change) {
        Map<String, @Nullable Object> changed = new HashMap<>();
        map.asMap().forEach((key, value) -> {
            Object other = deep(value, change);
            if (other != DROPPED) {
                changed.put(key, other);
            }
        });
        return PropertyMap.copyOf(changed);
    }

    private static @Nullable Object deep(@Nullable Object value, UnaryOperator<@Nullable Object> change) {
        if (value instanceof Map<?, ?> map) {
            return changed(PropertyMap.of("map", map).map("map").orElseThrow(), change);
        }
        if (value instanceof List<?> list && !list.isEmpty()) {
            List<@Nullable Object> changed = new ArrayList<>();
            list.forEach(element -> changed.add(element == null ? null : deep(element, change)));
            return changed;
        }
        return change.apply(value);
    }

    private static List<Defect> instants() {
        UnaryOperator<Instant> millis = instant -> instant.truncatedTo(ChronoUnit.MILLIS);
        UnaryOperator<Instant> notBeforeEpoch = instant -> instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant;
        UnaryOperator<Instant> endless = instant -> instant.isBefore(YEAR_9999) ? instant : YEAR_9999;
        return List.of(
                node("node-validity-in-milliseconds", "Validities of nodes are cut to milliseconds.", millis),
                node("node-validity-from-1970", "Validities of nodes begin in 1970 at the earliest.", notBeforeEpoch),
                node(
                        "node-validity-ends-early",
                        "Validities of nodes end on the last day of 9999 at the latest.",
                        endless),
                edge("edge-validity-in-milliseconds", "Validities of edges are cut to milliseconds.", millis),
                edge("edge-validity-from-1970", "Validities of edges begin in 1970 at the earliest.", notBeforeEpoch),
                point("point-validity-in-milliseconds", "Validities of points are cut to milliseconds.", millis),
                point(
                        "point-validity-from-1970",
                        "Validities of points begin in 1970 at the earliest.",
                        notBeforeEpoch),
                event("event-times-in-milliseconds", "Times of events are cut to milliseconds.", millis),
                event("event-times-from-1970", "Times of events before 1970 become 1970.", notBeforeEpoch),
                of(
                        "transaction-times-in-milliseconds",
                        "Transaction times are cut to milliseconds, so that versions share them.",
                        "N1",
                        Fault.seen(
                                io.contextdb.spi.graph.Revision.class,
                                revision -> new io.contextdb.spi.graph.Revision(
                                        revision.version(),
                                        revision.validity(),
                                        changed(revision.transaction(), millis),
                                        revision.retraction()))),
                of(
                        "point-validity-lost",
                        "Validities of points are not stored.",
                        "V5b V6",
                        replaced(
                                VectorMutation.PutPoint.class,
                                put -> new VectorMutation.PutPoint(
                                        put.space(),
                                        put.point().toBuilder()
                                                .validity(Interval.from(Instant.parse("0001-01-01T00:00:00Z")))
                                                .build()))));
    }

    private static Interval changed(Interval interval, UnaryOperator<Instant> change) {
        Instant from = change.apply(interval.from());
        return interval.isOpen() ? Interval.from(from) : Interval.from(from).endingAt(change.apply(interval.to()));
    }

    private static Defect node(String id, String sentence, UnaryOperator<Instant> change) {
        return of(
                id,
                sentence,
                "G2",
                Fault.written(
                        NodeDraft.class,
                        draft -> draft.validFrom()
                                .map(from -> draft.valid(changed(new Interval(from, draft.validTo()), change)))
                                .orElse(draft)));
    }

    private static Defect edge(String id, String sentence, UnaryOperator<Instant> change) {
        return of(
                id,
                sentence,
                "G2",
                Fault.written(
                        EdgeDraft.class,
                        draft -> draft.validFrom()
                                .map(from -> draft.valid(changed(new Interval(from, draft.validTo()), change)))
                                .orElse(draft)));
    }

    private static Defect point(String id, String sentence, UnaryOperator<Instant> change) {
        return of(
                id,
                sentence,
                "G2",
                Fault.written(
                        VectorPoint.class,
                        point -> point.toBuilder()
                                .validity(changed(point.validity(), change))
                                .build()));
    }

    private static Defect event(String id, String sentence, UnaryOperator<Instant> change) {
        return of(
                id,
                sentence,
                "G2",
                Fault.written(
                        EventDraft.class,
                        draft -> draft.time().map(change).map(draft::at).orElse(draft)));
    }
}
