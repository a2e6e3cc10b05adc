package io.contextdb.tck.differential;

import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.Mutation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The log, consumer groups whose deliveries outlast the script, and aggregates. */
final class EventModel implements Model {
    private static final String UNTIMED = "untimed";
    private static final List<String> TYPES = List.of("a", "ab", "é", UNTIMED);
    private static final List<String> GROUPS = List.of("g", "g2");
    private static final List<Field> FIELDS = List.of(Field.type(), Field.subject(), Field.time());
    private static final Instant NOON = Instant.parse("2024-03-31T00:30:00Z");

    private final Pool pool;
    private final boolean groups;
    private final boolean aggregates;

    EventModel(Pool pool, BackendInfo info) {
        this.pool = pool;
        groups = info.offers(Capability.CONSUMER_GROUPS);
        aggregates = info.offers(Capability.AGGREGATES);
    }

    @Override
    public List<Symbol<Mutation>> opening() {
        List<Symbol<Mutation>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(append());
        }
        if (groups) {
            all.add(createGroup(GROUPS.get(0), 2));
        }
        return all;
    }

    @Override
    public Symbol<Mutation> mutation() {
        String group = pool.one(GROUPS);
        if (!groups || pool.oneIn(2)) {
            return pool.oneIn(15) ? trim() : append();
        }
        return switch (pool.below(16)) {
            case 0 ->
                Symbol.of(
                        side -> new EventMutation.DropGroup(group),
                        side -> "new EventMutation.DropGroup(" + JavaText.of(group) + ")");
            case 1, 2 -> createGroup(group, 1 + pool.below(3));
            case 3, 4, 5, 6, 7, 8 -> {
                int limit = pool.pageSize();
                yield Symbol.of(
                        side -> new EventMutation.Claim(group, limit),
                        side -> "new EventMutation.Claim(" + JavaText.arguments(group, limit) + ")");
            }
            case 9, 10, 11, 12 -> settle("Acknowledge", group, EventMutation.Acknowledge::new);
            default -> settle("Release", group, EventMutation.Release::new);
        };
    }

    private Symbol<Mutation> append() {
        String type = pool.one(TYPES);
        String subject = pool.one(Pool.SUBJECTS);
        Payload payload = pool.oneIn(4)
                ? Payload.bytes(pool.one(List.of(Bytes.EMPTY, Bytes.of(new byte[] {0, -1}))))
                : Payload.json(pool.properties());
        EventDraft draft = EventDraft.of(type, payload).about(subject);
        String java = "EventDraft.of(" + JavaText.of(type) + ", "
                + switch (payload) {
                    case Payload.Json json -> "Payload.json(" + JavaText.of(json.body()) + ")";
                    case Payload.Binary binary -> "Payload.bytes(" + JavaText.of(binary.bytes()) + ")";
                    case Payload.Erased erased -> "";
                }
                + ").about(" + JavaText.of(subject) + ")";
        if (!type.equals(UNTIMED)) {
            Instant time = pool.oneIn(4) ? pool.instant() : NOON.plusSeconds(1800L * pool.below(9));
            draft = draft.at(time);
            java += ".at(" + JavaText.of(time) + ")";
        }
        EventDraft made = draft;
        String text = java;
        return Symbol.of(side -> new EventMutation.Append(made), side -> "new EventMutation.Append(" + text + ")");
    }

    private Symbol<Mutation> createGroup(String name, int attempts) {
        Symbol<EventPosition> from =
                pool.oneIn(2) ? Symbol.of(side -> EventPosition.START, side -> "EventPosition.START") : position();
        return Symbol.of(
                side -> new EventMutation.CreateGroup(
                        new ConsumerGroup(name, from.on(side), Duration.ofHours(12), attempts)),
                side -> "new EventMutation.CreateGroup(new ConsumerGroup(" + JavaText.of(name) + ", " + from.java(side)
                        + ", Duration.ofHours(12), " + attempts + "))");
    }

    private Symbol<EventPosition> position() {
        int back = pool.below(8);
        return Symbol.of(
                side -> side.event(back).map(Side.Origin::value).orElse(EventPosition.START),
                side -> side.event(back).map(Side.Origin::java).orElse("EventPosition.START"));
    }

    private interface Settling {
        Mutation of(String group, List<EventPosition> positions);
    }

    private Symbol<Mutation> settle(String name, String group, Settling settling) {
        Symbol<EventPosition> a = position();
        Symbol<EventPosition> b = position();
        return Symbol.of(
                side -> settling.of(group, List.of(a.on(side), b.on(side))),
                side -> "new EventMutation." + name + "(" + JavaText.of(group) + ", List.of(" + a.java(side) + ", "
                        + b.java(side) + "))");
    }

    private Symbol<Mutation> trim() {
        boolean forced = pool.oneIn(2);
        String end = forced ? ".forced()" : "";
        if (pool.oneIn(2)) {
            int keep = pool.below(8);
            EventMutation.Trim trim = EventMutation.Trim.keepNewest(keep);
            return Symbol.of(
                    side -> forced ? trim.forced() : trim, side -> "EventMutation.Trim.keepNewest(" + keep + ")" + end);
        }
        Symbol<Instant> before = pool.moment();
        return Symbol.of(
                side -> {
                    EventMutation.Trim trim = EventMutation.Trim.before(before.on(side));
                    return forced ? trim.forced() : trim;
                },
                side -> "EventMutation.Trim.before(" + before.java(side) + ")" + end);
    }

    @Override
    public Action read() {
        int kind = pool.below(8);
        if (kind == 0 && groups) {
            return new Read(
                    side -> "events().groups()",
                    side -> side.view().all(side.namespace().events().groups(), side.view()::group));
        }
        if (kind == 1 && groups) {
            String group = pool.one(GROUPS);
            return new Read(
                    side -> "events().deadLetters(" + JavaText.of(group) + ").toList()",
                    side -> side.view()
                            .all(
                                    side.namespace().events().deadLetters(group),
                                    dead -> dead.attempts() + " attempts of "
                                            + side.view().event(dead.event())));
        }
        if (kind < 4 && aggregates) {
            return aggregate();
        }
        if (kind == 4) {
            return new Read(
                    side -> "events().last()",
                    side -> side.event(side.namespace().events().last()));
        }
        return readAll();
    }

    private Action readAll() {
        Symbol<EventPosition> after =
                pool.oneIn(2) ? Symbol.of(side -> EventPosition.START, side -> "EventPosition.START") : position();
        List<String> types = pool.oneIn(2) ? List.of() : pool.some(TYPES);
        List<String> subjects = pool.oneIn(2) ? List.of() : pool.some(Pool.SUBJECTS);
        int size = pool.pageSize();
        return new Read(
                side -> "events().readAll(new EventQuery(" + after.java(side) + ", "
                        + JavaText.arguments(types, subjects, size) + ")).toList()",
                side -> side.view()
                        .all(
                                side.namespace()
                                        .events()
                                        .readAll(new EventQuery(after.on(side), types, subjects, size)),
                                side.view()::event));
    }

    /** Times of appending are left out: the two stores could be on different sides of a bucket's end. */
    private Action aggregate() {
        Filter filter = Filter.and(
                Filter.ne(Field.type(), UNTIMED), pool.oneIn(2) ? Filter.everything() : pool.filter(FIELDS, 2));
        TimeBucket bucket = pool.one(List.of(TimeBucket.values()));
        ZoneId zone = ZoneId.of(pool.one(List.of("UTC", "Europe/Berlin", "Asia/Kathmandu")));
        List<Field> by =
                pool.one(List.of(List.of(), List.of(Field.type()), List.of(Field.subject(), Field.property("p"))));
        Field field = pool.path();
        List<Measure> measures = new ArrayList<>();
        measures.add(Measure.count("n"));
        for (Measure.Function function : Measure.Function.values()) {
            if (function != Measure.Function.COUNT && function != Measure.Function.QUANTILE) {
                measures.add(Measure.of(function.name(), function, field));
            }
        }
        measures.add(Measure.quantile("q", field, pool.one(List.of(0.0, 0.3, 0.5, 1.0))));
        return new Read(
                side -> "events().aggregate(new AggregateQuery(" + JavaText.arguments(filter, bucket) + ", ZoneId.of("
                        + JavaText.of(zone.getId()) + "), " + JavaText.of(by)
                        + ", List.of(/* every function of " + JavaText.of(field) + " */)))",
                side -> side.view()
                        .all(
                                side.namespace()
                                        .events()
                                        .aggregate(new AggregateQuery(filter, bucket, zone, by, measures)),
                                side.view()::row));
    }
}
