package io.contextdb.tck.differential;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random values from small sets: those that stores get wrong, and few enough to meet again. */
final class Pool {
    static final List<UUID> IDS = List.of(
            UUID.fromString("00000000-0000-7000-8000-000000000001"),
            UUID.fromString("00000000-0000-7000-8000-000000000002"),
            UUID.fromString("7fffffff-ffff-7fff-bfff-ffffffffffff"),
            UUID.fromString("80000000-0000-7000-8000-000000000003"),
            UUID.fromString("80000000-0000-7000-bfff-000000000004"),
            UUID.fromString("ffffffff-ffff-7fff-bfff-ffffffffffff"));

    static final List<String> LABELS = List.of("a", "b", "ab", "é", "e\u0301", "😀", "\uffff");
    static final List<String> SOURCES = List.of("crm", "crm2", "it's %_");
    static final List<String> SUBJECTS =
            List.of("", IDS.get(0).toString(), IDS.get(3).toString(), "s");

    static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final List<Instant> INSTANTS = List.of(
            FIRST,
            Instant.parse("2001-02-03T04:05:06.789012Z"),
            Instant.parse("2001-02-03T04:05:06.789013Z"),
            Instant.parse("2090-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z"));

    private static final List<@Nullable Object> VALUES = Arrays.asList(
            null,
            true,
            false,
            0L,
            1L,
            1.0,
            -0.0,
            2.5,
            -3L,
            9_007_199_254_740_993L,
            9_007_199_254_740_992.0,
            Double.MIN_VALUE,
            Long.MAX_VALUE,
            "",
            "a",
            "ab",
            "A",
            "é",
            "e\u0301",
            "😀",
            "\uffff",
            "1",
            "%",
            List.of(),
            List.of(1L, "a"),
            List.of("a"),
            Map.of(),
            Map.of("p", 1.0),
            Map.of("p", "a", "q", List.of(true)));

    private static final List<Field> PATHS = List.of(
            Field.property("p"),
            Field.property("q"),
            Field.property("p.q"),
            Field.property("o"),
            Field.property("o", "p"),
            Field.property("o", "q"));

    // Not java.util.Random: its numbers below small powers of two follow from each other, and some values never meet.
    private final RandomGenerator random;
    private int latest;

    Pool(RandomGenerator random) {
        this.random = random;
    }

    /** Says up to which step the script has come. */
    void at(int step) {
        latest = step;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    <T extends @Nullable Object> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Returns up to four, with repetitions. */
    <T extends @Nullable Object> List<T> some(List<T> of) {
        List<T> some = new ArrayList<>();
        for (int n = random.nextInt(5); n > 0; n--) {
            some.add(one(of));
        }
        return some;
    }

    @Nullable
    Object value() {
        return one(VALUES);
    }

    PropertyMap properties() {
        PropertyMap map = PropertyMap.empty();
        for (String name : List.of("p", "q", "p.q", "o")) {
            if (random.nextBoolean()) {
                map = map.with(name, value());
            }
        }
        return map;
    }

    Instant instant() {
        return one(INSTANTS);
    }

    Interval interval() {
        Instant a = instant();
        Instant b = oneIn(3) ? Interval.OPEN : instant();
        return a.isAfter(b) ? new Interval(b, a) : new Interval(a, b);
    }

    int pageSize() {
        return 1 + random.nextInt(4);
    }

    /** Returns a filter over fields of a kind of record, and properties. */
    Filter filter(List<Field> fields, int depth) {
        if (depth == 0 || oneIn(3)) {
            return leaf(fields);
        }
        return switch (random.nextInt(4)) {
            case 0 -> new Filter.And(operands(fields, depth));
            case 1 -> new Filter.Or(operands(fields, depth));
            case 2 -> Filter.not(filter(fields, depth - 1));
            default -> Filter.everything();
        };
    }

    private List<Filter> operands(List<Field> fields, int depth) {
        List<Filter> operands = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            operands.add(filter(fields, depth - 1));
        }
        return operands;
    }

    private Filter leaf(List<Field> fields) {
        Field field = oneIn(2) ? one(fields) : one(PATHS);
        return switch (random.nextInt(7)) {
            case 0 -> Filter.exists(field);
            case 1 -> Filter.startsWith(field, one(List.of("", "a", "e", "😀", "0")));
            case 2 -> Filter.in(field, this.<@Nullable Object>some(VALUES));
            case 3 -> new Filter.Comparison(field, Filter.Operator.CONTAINS, operand(field));
            default ->
                new Filter.Comparison(
                        field,
                        one(List.of(
                                Filter.Operator.EQ,
                                Filter.Operator.GT,
                                Filter.Operator.GE,
                                Filter.Operator.LT,
                                Filter.Operator.LE)),
                        operand(field));
        };
    }

    /** Mostly a value of the field's type. */
    private @Nullable Object operand(Field field) {
        if (oneIn(6)) {
            return value();
        }
        return switch (field.kind()) {
            case ID -> one(IDS).toString();
            case LABELS -> one(LABELS);
            case SOURCE -> one(SOURCES);
            case SUBJECT -> one(SUBJECTS);
            case TYPE -> one(LABELS);
            case TIME, VALID_FROM, VALID_TO -> instant();
            case PROPERTY -> value();
        };
    }

    Field path() {
        return one(PATHS);
    }

    /** Returns an instant: a fixed one, that of a commit, or a microsecond before it. */
    Symbol<Instant> moment() {
        if (oneIn(5)) {
            return Symbol.constant(instant());
        }
        int step = latest - random.nextInt(8);
        int before = random.nextInt(2);
        return Symbol.of(
                side -> side.receiptUpTo(step)
                        .map(receipt -> receipt.value().committedAt().minusNanos(1_000L * before))
                        .orElse(INSTANTS.get(1)),
                side -> side.receiptUpTo(step)
                        .map(receipt -> receipt.java() + ".committedAt()" + (before == 0 ? "" : ".minusNanos(1_000)"))
                        .orElse(JavaText.of(INSTANTS.get(1))));
    }

    Symbol<AsOf> asOf() {
        Symbol<Instant> valid = moment();
        Symbol<Instant> known = moment();
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> Symbol.of(side -> AsOf.now(), side -> "AsOf.now()");
            case 3 -> Symbol.of(side -> AsOf.validAt(valid.on(side)), side -> "AsOf.validAt(" + valid.java(side) + ")");
            default ->
                Symbol.of(
                        side -> AsOf.of(valid.on(side), known.on(side)),
                        side -> "AsOf.of(" + valid.java(side) + ", " + known.java(side) + ")");
        };
    }

    /** Returns a condition on an entity whose versions the store chooses. */
    Symbol<Condition> condition(String entity) {
        boolean skip = !oneIn(4);
        int back = random.nextInt(2);
        return switch (random.nextInt(8)) {
            case 0 -> conditionOf(skip, Condition.absent(), "Condition.absent()");
            case 1 ->
                Symbol.of(
                        side -> orSkip(
                                skip,
                                Condition.version(side.version(entity, back)
                                        .map(Side.Origin::value)
                                        .orElse(Long.MAX_VALUE))),
                        side -> "Condition.version("
                                + side.version(entity, back)
                                        .map(Side.Origin::java)
                                        .orElse("Long.MAX_VALUE")
                                + ")" + (skip ? ".orSkip()" : ""));
            default -> conditionOf(false, Condition.none(), "Condition.none()");
        };
    }

    /** Returns a condition on a node or an edge, whose versions count from 1. */
    Symbol<Condition> condition() {
        boolean skip = !oneIn(4);
        long version = 1L + random.nextInt(3);
        return switch (random.nextInt(8)) {
            case 0 -> conditionOf(skip, Condition.absent(), "Condition.absent()");
            case 1 -> conditionOf(skip, Condition.version(version), "Condition.version(" + version + ")");
            default -> conditionOf(false, Condition.none(), "Condition.none()");
        };
    }

    private static Symbol<Condition> conditionOf(boolean skip, Condition condition, String java) {
        return Symbol.of(side -> orSkip(skip, condition), side -> java + (skip ? ".orSkip()" : ""));
    }

    private static Condition orSkip(boolean skip, Condition condition) {
        return skip ? condition.orSkip() : condition;
    }
}
