package io.contextdb.tck.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Copies of another store's vectors. */
@Needs(projection = true)
public abstract class ProjectionSuite {
    private static final int DIMENSIONS = 6;

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    /** Returns a space of a number that no other test uses, whichever seed it has. */
    private static SpaceRef space(VectorSpace space) {
        return new SpaceRef(
                ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE), NamespaceName.of("journal"), space);
    }

    private static SpaceRef space() {
        return space(VectorSpace.cosine("s", DIMENSIONS));
    }

    private static Vector vector(Random random) {
        float[] values = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Vector.of(values);
    }

    private static VectorPoint point(UUID id, Vector vector) {
        return VectorPoint.builder(id).vector(vector).build();
    }

    private static PointState state(UUID id, Vector vector, long version) {
        return PointState.of(point(id, vector), version);
    }

    private static List<UUID> nearest(Projection projection, SpaceRef space, Vector vector, int k) {
        return projection
                .candidates(space, List.of(VectorQuery.nearest("s", vector, k)), soon())
                .found()
                .get(0);
    }

    private static List<PointVersion> versions(Projection projection, SpaceRef space, int pageSize) {
        List<PointVersion> all = new ArrayList<>();
        PageRequest request = PageRequest.first(pageSize);
        Page<PointVersion> page;
        do {
            page = projection.versions(space, request, soon());
            assertThat(page.items()).hasSizeLessThanOrEqualTo(pageSize);
            all.addAll(page.items());
            request = request.after(page.next());
        } while (page.hasNext());
        return all;
    }

    @Test
    @Proves("S1")
    void aCopyNeverGoesBack(Kit kit) {
        Projection projection = kit.projection();
        SpaceRef space = space();
        UUID id = UUID.randomUUID();
        Vector east = Vector.of(1, 0, 0, 0, 0, 0);
        Vector north = Vector.of(0, 1, 0, 0, 0, 0);
        UUID other = UUID.randomUUID();
        projection.apply(space, List.of(state(other, Vector.of(1, 1, 0, 0, 0, 0), 1)), soon());

        projection.apply(space, List.of(state(id, east, 5)), soon());
        projection.apply(space, List.of(state(id, north, 4)), soon());
        assertThat(nearest(projection, space, east, 2)).containsExactly(id, other);
        projection.apply(space, List.of(state(id, north, 5)), soon());
        assertThat(nearest(projection, space, east, 2)).containsExactly(other, id);
        projection.apply(space, List.of(state(id, north, 6), state(id, east, 8), state(id, north, 7)), soon());
        assertThat(nearest(projection, space, east, 2)).containsExactly(id, other);
        projection.apply(space, List.of(state(id, north, Projection.MAX_VERSION)), soon());
        projection.apply(space, List.of(state(id, east, Projection.MAX_VERSION - 1)), soon());

        assertThat(nearest(projection, space, east, 2)).containsExactly(other, id);
        assertThat(versions(projection, space, 10)).contains(new PointVersion(id, Projection.MAX_VERSION, false));
    }

    @Test
    @Proves({"S1", "S2", "S5"})
    void theGreatestVersionStandsInWhateverOrderStatesArrive(Kit kit) {
        Projection projection = kit.projection();
        SpaceRef space = space();
        Random random = kit.random();
        List<PointState> states = new ArrayList<>();
        Map<UUID, PointState> latest = new HashMap<>();
        for (int i = 0; i < 30; i++) {
            UUID id = UUID.randomUUID();
            for (int version = 0; version < 8; version++) {
                PointState state =
                        random.nextInt(4) == 0 ? PointState.deleted(id, version) : state(id, vector(random), version);
                states.add(state);
                states.add(state);
                latest.put(id, state);
            }
        }
        Collections.shuffle(states, random);

        kit.together(4, thread -> {
            for (int from = thread * 40; from < states.size(); from += 160) {
                projection.apply(space, states.subList(from, Math.min(states.size(), from + 40)), soon());
            }
            return true;
        });

        assertThat(versions(projection, space, 7))
                .containsExactlyElementsOf(latest.values().stream()
                        .map(state -> new PointVersion(
                                state.id(), state.version(), state.point().isEmpty()))
                        .sorted(PointVersion.ORDER)
                        .toList());
        Vector query = vector(random);
        assertThat(nearest(projection, space, query, 1_000))
                .containsExactlyElementsOf(latest.values().stream()
                        .flatMap(state -> state.point().stream())
                        .sorted(byDistance(space, query))
                        .map(VectorPoint::id)
                        .toList());
    }

    private static Comparator<VectorPoint> byDistance(SpaceRef space, Vector query) {
        Comparator<VectorPoint> nearer = Comparator.comparingDouble(point ->
                -space.space().metric().similarity(query, point.vector().orElseThrow()));
        return nearer.thenComparing(VectorPoint::id, UuidOrder.INSTANCE);
    }

    @Test
    @Proves("S2")
    void aDeletionLeavesAMarkThatNoLateStatePasses(Kit kit) {
        Projection projection = kit.projection();
        SpaceRef space = space();
        UUID id = UUID.randomUUID();
        UUID neverSeen = UUID.randomUUID();
        Vector vector = vector(kit.random());
        projection.apply(space, List.of(state(id, vector, 3)), soon());
        projection.apply(space, List.of(PointState.deleted(id, 7), PointState.deleted(neverSeen, 4)), soon());
        projection.apply(space, List.of(state(id, vector, 6), state(neverSeen, vector, 3)), soon());

        assertThat(nearest(projection, space, vector, 10)).isEmpty();
        assertThat(versions(projection, space, 10))
                .containsExactlyInAnyOrder(new PointVersion(id, 7, true), new PointVersion(neverSeen, 4, true));
        projection.apply(space, List.of(state(id, vector, 8)), soon());
        assertThat(nearest(projection, space, vector, 10)).containsExactly(id);
    }

    @Test
    @Proves("S2")
    void marksAreRemovedOneByOneByVersion(Kit kit) {
        Projection projection = kit.projection();
        SpaceRef space = space();
        Vector vector = vector(kit.random());
        List<UUID> ids = IntStream.range(0, 5).mapToObj(i -> UUID.randomUUID()).toList();
        for (UUID id : ids) {
            projection.apply(space, List.of(PointState.deleted(id, 9)), soon());
        }
        projection.apply(space, List.of(state(ids.get(2), vector, 10)), soon());

        projection.purge(
                space,
                List.of(
                        new PointVersion(ids.get(0), 9, true),
                        new PointVersion(ids.get(1), 8, true),
                        new PointVersion(ids.get(2), 10, true),
                        new PointVersion(ids.get(3), 9, true),
                        new PointVersion(UUID.randomUUID(), 9, true)),
                soon());

        assertThat(versions(projection, space, 10))
                .containsExactlyElementsOf(List.of(
                                new PointVersion(ids.get(1), 9, true),
                                new PointVersion(ids.get(2), 10, false),
                                new PointVersion(ids.get(4), 9, true))
                        .stream()
                        .sorted(PointVersion.ORDER)
                        .toList());
        projection.purge(space(), List.of(new PointVersion(ids.get(1), 9, true)), soon());
        assertThat(versions(projection, space, 10)).hasSize(3);
    }

    @Test
    @Proves("S3")
    void candidatesAreTheNearestAtOnce(Kit kit) {
        Projection projection = kit.projection();
        for (Metric metric : Metric.values()) {
            SpaceRef space = space(new VectorSpace("s", DIMENSIONS, metric, ""));
            List<VectorPoint> points = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                points.add(point(UUID.randomUUID(), vector(kit.random())));
            }
            for (int from = 0; from < 60; from += 20) {
                List<VectorPoint> some = points.subList(from, from + 20);
                projection.apply(
                        space,
                        some.stream().map(point -> PointState.of(point, 1)).toList(),
                        soon());
                List<VectorQuery> queries = IntStream.range(0, 5)
                        .mapToObj(i -> VectorQuery.nearest("s", vector(kit.random()), 1 + i * 9))
                        .toList();
                List<List<UUID>> found =
                        projection.candidates(space, queries, soon()).found();
                for (int i = 0; i < queries.size(); i++) {
                    assertThat(found.get(i))
                            .as("%s, %d nearest of %d", metric, queries.get(i).k(), from + 20)
                            .containsExactlyElementsOf(points.subList(0, from + 20).stream()
                                    .sorted(byDistance(space, queries.get(i).vector()))
                                    .limit(queries.get(i).k())
                                    .map(VectorPoint::id)
                                    .toList());
                }
            }
        }
        assertThat(nearest(projection, space(), vector(kit.random()), 3)).isEmpty();
    }

    @Test
    @Proves("S3")
    void spacesAreApart(Kit kit) {
        Projection projection = kit.projection();
        SpaceRef one = space();
        SpaceRef other = new SpaceRef(one.id() - 1, one.namespace(), one.space());
        UUID id = UUID.randomUUID();
        UUID text = UUID.randomUUID();
        Vector vector = vector(kit.random());
        projection.apply(one, List.of(state(id, vector, 5)), soon());
        projection.apply(other, List.of(state(id, vector, 3)), soon());
        projection.apply(other, List.of(PointState.deleted(id, 4)), soon());
        projection.apply(
                one,
                List.of(PointState.of(VectorPoint.builder(text).text("words").build(), 2)),
                soon());

        assertThat(nearest(projection, one, vector, 5)).containsExactly(id);
        assertThat(nearest(projection, other, vector, 5)).isEmpty();
        assertThat(versions(projection, other, 5)).containsExactly(new PointVersion(id, 4, true));
        assertThat(versions(projection, one, 5))
                .containsExactlyInAnyOrder(new PointVersion(id, 5, false), new PointVersion(text, 2, false));
    }

    @Test
    @Proves("S3")
    void noFilterHoldsBackWhatMatches(Kit kit) {
        Projection projection = kit.projection();
        SpaceRef space = space();
        List<VectorPoint> points = points(kit.random());
        projection.apply(
                space, points.stream().map(point -> PointState.of(point, 1)).toList(), soon());
        List<Filter> filters = filters();
        List<VectorQuery> queries = filters.stream()
                .map(filter ->
                        VectorQuery.nearest("s", vector(kit.random()), 1_000).where(filter))
                .toList();

        List<List<UUID>> found = projection.candidates(space, queries, soon()).found();
        for (int i = 0; i < filters.size(); i++) {
            Filter filter = filters.get(i);
            assertThat(new HashSet<>(found.get(i)))
                    .as(filter.text())
                    .containsAll(points.stream()
                            .filter(filter::matches)
                            .map(VectorPoint::id)
                            .toList());
        }
    }

    private static final List<Object> VALUES = List.of(
            true,
            false,
            0,
            -0.0,
            1,
            1.5,
            -1,
            (1L << 53) - 1,
            1L << 53,
            (1L << 53) + 1,
            0x1p53,
            Long.MAX_VALUE,
            0x1p63,
            Double.MIN_VALUE,
            1e300,
            0.1,
            "",
            "a",
            "aé",
            "\ud83d\ude00",
            "\uffff",
            List.of(1, "a"),
            Map.of("k", 1));

    private static List<VectorPoint> points(Random random) {
        List<VectorPoint> points = new ArrayList<>();
        points.add(VectorPoint.builder(UUID.randomUUID())
                .vector(vector(random))
                .labels(List.of("rare", "x"))
                .source("src")
                .subject("sub")
                .validity(Interval.between(
                        Instant.parse("2026-01-01T00:00:00.000001Z"), Instant.parse("9999-12-31T23:59:59.999999Z")))
                .build());
        for (Object value : VALUES) {
            points.add(VectorPoint.builder(UUID.randomUUID())
                    .vector(vector(random))
                    .property("p", value)
                    .build());
            points.add(VectorPoint.builder(UUID.randomUUID())
                    .vector(vector(random))
                    .property("deep", Map.of("p q", value))
                    .build());
        }
        VectorPoint.Builder wide = VectorPoint.builder(UUID.randomUUID()).vector(vector(random));
        for (int i = 0; i < 400; i++) {
            wide.property("w" + i, i);
        }
        points.add(wide.property("p", 1).build());
        return points;
    }

    private static List<Filter> filters() {
        Instant from = Instant.parse("2026-01-01T00:00:00.000001Z");
        List<Filter> filters = new ArrayList<>(List.of(
                Filter.everything(),
                Filter.label("rare"),
                Filter.not(Filter.label("rare")),
                Filter.eq(Field.source(), "src"),
                Filter.startsWith(Field.source(), "s"),
                Filter.ne(Field.subject(), "sub"),
                Filter.validAt(from),
                Filter.not(Filter.validAt(from)),
                Filter.ge(Field.validTo(), Instant.parse("9999-12-31T23:59:59.999999Z")),
                Filter.lt(Field.validFrom(), from.plusNanos(1_000)),
                Filter.exists(Field.property("p")),
                Filter.not(Filter.exists(Field.property("deep", "p q"))),
                Filter.eq(Field.property("w399"), 399),
                Filter.in(Field.property("p"), List.of(1, "a", 0x1p63))));
        for (Field field : List.of(Field.property("p"), Field.property("deep", "p q"))) {
            for (Object value : VALUES) {
                for (Filter.Operator operator : Filter.Operator.values()) {
                    if (operator != Filter.Operator.STARTS_WITH || value instanceof String) {
                        Filter filter = new Filter.Comparison(field, operator, value);
                        filters.add(filter);
                        filters.add(Filter.not(filter));
                    }
                }
            }
        }
        return filters;
    }

    @Test
    @Proves("S4")
    void aWatermarkIsKeptBesideTheCopies(Kit kit) {
        Projection projection = kit.projection();
        Watermark first = new Watermark(
                "source " + UUID.randomUUID(),
                1,
                new JournalPosition(7, 8),
                Instant.parse("2026-01-01T00:00:00.000001Z"));
        Watermark before = projection.watermark(soon()).orElse(null);
        assertThat(projection.advance(before, first, soon())).isTrue();
        assertThat(projection.watermark(soon())).contains(first);

        // What follows is kept beside copies of every kind, also of those that are new.
        Vector vector = vector(kit.random());
        projection.apply(space(), List.of(state(UUID.randomUUID(), vector, 1)), soon());
        projection.apply(
                space(VectorSpace.cosine("s", 2 + kit.random().nextInt(300))),
                List.of(PointState.deleted(UUID.randomUUID(), 1)),
                soon());
        assertThat(projection.watermark(soon())).contains(first);
        Watermark later = new Watermark(
                first.source(), Projection.MAX_EPOCH, new JournalPosition(Long.MAX_VALUE, Long.MAX_VALUE), first.at());
        assertThat(projection.advance(first, later, soon())).isTrue();
        assertThat(projection.watermark(soon())).contains(later);
        Watermark earlier = new Watermark("another", 0, JournalPosition.START, Instant.EPOCH);
        assertThat(projection.advance(first, earlier, soon()))
                .as("moved from where it is not")
                .isFalse();
        assertThat(projection.advance(null, earlier, soon())).isFalse();
        assertThat(projection.watermark(soon())).contains(later);
        assertThat(projection.advance(later, earlier, soon())).isTrue();
        assertThat(projection.watermark(soon())).contains(earlier);
    }

    @Test
    @Proves("S5")
    void whatACopyHasIsListedInOrder(Kit kit) {
        Projection projection = kit.projection();
        SpaceRef space = space();
        List<PointState> states = new ArrayList<>();
        Vector vector = vector(kit.random());
        // Ids of one moment, of one machine and with the greatest bit set.
        for (int i = 0; i < 40; i++) {
            states.add(state(new UUID(3, i), vector, i));
            states.add(PointState.deleted(new UUID(kit.random().nextLong(), i), i));
            states.add(state(new UUID(i, 3), vector, i));
        }
        projection.apply(space, states, soon());
        Map<UUID, PointVersion> latest = new TreeMap<>(UuidOrder.INSTANCE);
        for (PointState state : states) {
            latest.merge(
                    state.id(),
                    new PointVersion(state.id(), state.version(), state.point().isEmpty()),
                    (a, b) -> a.version() >= b.version() ? a : b);
        }

        for (int pageSize : List.of(1, 7, 1_000)) {
            assertThat(versions(projection, space, pageSize)).containsExactlyElementsOf(latest.values());
        }
        assertThat(versions(projection, space(), 10)).isEmpty();
    }

    @Test
    @Proves("S5")
    void spacesAreListedAndForgotten(Kit kit) {
        Projection projection = kit.projection();
        SpaceRef one = space();
        SpaceRef two = space(new VectorSpace("s", 3, Metric.DOT, ""));
        SpaceRef three = space();
        Vector vector = vector(kit.random());
        projection.apply(one, List.of(state(UUID.randomUUID(), vector, 1)), soon());
        projection.apply(two, List.of(PointState.deleted(UUID.randomUUID(), 1)), soon());
        projection.apply(three, List.of(state(UUID.randomUUID(), vector, 1)), soon());
        assertThat(projection.spaces(soon())).contains(one.id(), two.id(), three.id());

        projection.forget(Set.of(one.id(), two.id()), soon());

        assertThat(projection.spaces(soon())).contains(three.id()).doesNotContain(one.id(), two.id());
        assertThat(versions(projection, one, 10)).isEmpty();
        assertThat(versions(projection, two, 10)).isEmpty();
        assertThat(nearest(projection, one, vector, 10)).isEmpty();
        assertThat(nearest(projection, three, vector, 10)).hasSize(1);
        projection.forget(Set.of(one.id()), soon());
    }
}
