package io.contextdb.tck.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The truth table of filters, generated: every operator over every pair of types, and absence, on every model. */
public abstract class FilterSuite {
    private static final Field P = Field.property("p");
    private static final Field NESTED = Field.property("deep", "p q");
    private static final List<Object> VALUES = Arrays.asList(
            null,
            true,
            false,
            0,
            -0.0,
            1,
            1.0,
            1.5,
            -1,
            (1L << 53) - 1,
            1L << 53,
            (1L << 53) + 1,
            0x1p53,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            0x1p63,
            -0x1p63,
            Double.MIN_VALUE,
            1e300,
            "",
            "1",
            "true",
            "null",
            "a",
            "A",
            "ab",
            "b%",
            "b_",
            "é",
            "e\u0301",
            "\uFFFD",
            "😀",
            List.of(),
            Arrays.asList((Object) null),
            List.of(1),
            List.of(1.0),
            List.of("ab"),
            List.of("a", "ab", 1),
            List.of(1.0, "a"),
            List.of(List.of(1)),
            Map.of(),
            Map.of("a", 1),
            Map.of("a", 1.0),
            Map.of("a", 1, "b", 2));

    private static List<PropertyMap> records() {
        List<PropertyMap> records = new ArrayList<>();
        records.add(PropertyMap.empty());
        for (Object value : VALUES) {
            records.add(PropertyMap.of("p", value, "deep", PropertyMap.of("p q", value)));
        }
        return records;
    }

    private static List<Filter> terms(Field field) {
        List<Filter> terms = new ArrayList<>(List.of(
                Filter.exists(field),
                Filter.not(Filter.exists(field)),
                Filter.in(field, VALUES.subList(0, 9)),
                Filter.in(field, VALUES.subList(9, VALUES.size())),
                Filter.in(field, VALUES),
                Filter.in(field, List.of())));
        for (Object value : VALUES) {
            terms.addAll(List.of(
                    Filter.eq(field, value),
                    Filter.ne(field, value),
                    Filter.contains(field, value),
                    new Filter.Comparison(field, Filter.Operator.GT, value),
                    new Filter.Comparison(field, Filter.Operator.GE, value),
                    new Filter.Comparison(field, Filter.Operator.LT, value),
                    new Filter.Comparison(field, Filter.Operator.LE, value)));
            if (value instanceof String prefix) {
                terms.add(Filter.startsWith(field, prefix));
            }
        }
        return terms;
    }

    private static List<Filter> filters(Random random) {
        List<Filter> filters = new ArrayList<>(terms(P));
        List<Filter> nested = terms(NESTED);
        filters.addAll(nested);
        for (int i = 0; i < 120; i++) {
            filters.add(combined(nested, random, 3));
        }
        for (int operands = 0; operands < 5; operands++) {
            for (int i = 0; i < 10; i++) {
                List<Filter> some = IntStream.range(0, operands)
                        .mapToObj(operand -> combined(filters, random, 1))
                        .toList();
                filters.addAll(List.of(
                        new Filter.And(some),
                        new Filter.Or(some),
                        Filter.not(new Filter.And(some)),
                        Filter.not(new Filter.Or(some)),
                        new Filter.Or(some.stream().map(Filter::not).toList())));
            }
        }
        return filters;
    }

    private static Filter combined(List<Filter> terms, Random random, int depth) {
        Filter term = terms.get(random.nextInt(terms.size()));
        if (depth == 0) {
            return term;
        }
        return switch (random.nextInt(4)) {
            case 0 -> Filter.and(combined(terms, random, depth - 1), combined(terms, random, depth - 1));
            case 1 -> Filter.or(combined(terms, random, depth - 1), combined(terms, random, depth - 1));
            case 2 -> Filter.not(combined(terms, random, depth - 1));
            default -> term;
        };
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"V6", "V3"})
    void pointsAreFilteredAsTheTableSays(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        List<VectorPoint> points = new ArrayList<>();
        for (PropertyMap record : records()) {
            int i = points.size();
            points.add(VectorPoint.builder(new UUID(5, i))
                    .vector(1, i)
                    .text("word")
                    .properties(record)
                    .build());
        }
        namespace.vectors().put("s", points);
        boolean text = kit.info().offers(Capability.TEXT_SEARCH);

        for (Filter filter : filters(kit.random())) {
            Set<UUID> expected = new HashSet<>();
            points.stream().filter(filter::matches).forEach(point -> expected.add(point.id()));
            assertThat(namespace.vectors().scroll("s", filter).map(VectorPoint::id))
                    .as("scroll where %s", filter.text())
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(namespace.vectors().count("s", filter))
                    .as("count where %s", filter.text())
                    .isEqualTo(expected.size());
            assertThat(namespace
                            .vectors()
                            .search(VectorQuery.nearest("s", Vector.of(1, 1), 1_000)
                                    .where(filter)))
                    .as("search where %s", filter.text())
                    .extracting(hit -> hit.point().id())
                    .containsExactlyInAnyOrderElementsOf(expected);
            if (text) {
                assertThat(namespace
                                .vectors()
                                .searchText(TextQuery.of("s", "word", 1_000).where(filter)))
                        .as("text search where %s", filter.text())
                        .hasSize(expected.size());
            }
        }
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves("V6")
    void labelsSourceSubjectAndValidityAreFields(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        Instant a = Instant.parse("2026-01-01T00:00:00.000001Z");
        Instant b = Instant.parse("2026-02-01T00:00:00Z");
        List<VectorPoint> points = List.of(
                VectorPoint.builder(new UUID(6, 1))
                        .vector(1, 0)
                        .labels(List.of("x", "y"))
                        .source("src")
                        .build(),
                VectorPoint.builder(new UUID(6, 2))
                        .vector(1, 0)
                        .labels(List.of("y"))
                        .subject("sub")
                        .validity(Interval.from(a))
                        .build(),
                VectorPoint.builder(new UUID(6, 3))
                        .vector(1, 0)
                        .source("src2")
                        .validity(Interval.between(a, b))
                        .build());
        namespace.vectors().put("s", points);
        List<Filter> filters = List.of(
                Filter.label("x"),
                Filter.not(Filter.label("y")),
                Filter.eq(Field.labels(), List.of("x", "y")),
                Filter.eq(Field.labels(), List.of()),
                Filter.contains(Field.labels(), 1),
                Filter.eq(Field.source(), "src"),
                Filter.ne(Field.source(), "src"),
                Filter.exists(Field.source()),
                Filter.startsWith(Field.source(), "src"),
                Filter.in(Field.source(), List.of("src", "src2")),
                Filter.eq(Field.subject(), "sub"),
                Filter.not(Filter.exists(Field.subject())),
                Filter.exists(Field.validTo()),
                Filter.validAt(a),
                Filter.validAt(a.minusNanos(1_000)),
                Filter.validAt(b),
                Filter.validAt(b.minusNanos(1_000)),
                Filter.eq(Field.validFrom(), a),
                Filter.lt(Field.validTo(), b),
                Filter.le(Field.validTo(), b),
                Filter.eq(Field.validTo(), "x"),
                Filter.eq(Field.id(), new UUID(6, 2).toString()),
                Filter.gt(Field.id(), new UUID(6, 1).toString()),
                Filter.exists(Field.type()),
                Filter.ne(Field.type(), "x"));

        for (Filter filter : filters) {
            List<UUID> expected =
                    points.stream().filter(filter::matches).map(VectorPoint::id).toList();
            assertThat(namespace.vectors().scroll("s", filter).map(VectorPoint::id))
                    .as(filter.text())
                    .containsExactlyElementsOf(expected);
            assertThat(namespace
                            .vectors()
                            .search(VectorQuery.nearest("s", Vector.of(1, 0), 10)
                                    .where(filter)))
                    .as(filter.text())
                    .extracting(hit -> hit.point().id())
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"V6", "N11"})
    void nodesAreFilteredAsTheTableSays(Kit kit) {
        Namespace namespace = kit.namespace();
        List<Node> nodes = new ArrayList<>();
        for (PropertyMap record : records()) {
            NodeDraft draft =
                    NodeDraft.of(NodeContent.builder().properties(record).build());
            namespace.graph().put(draft);
            nodes.add(namespace.graph().get(draft.id()).orElseThrow());
        }

        for (Filter filter : filters(kit.random())) {
            assertThat(namespace.graph().scanAll(NodeQuery.of(filter)).map(Node::id))
                    .as(filter.text())
                    .containsExactlyInAnyOrderElementsOf(
                            nodes.stream().filter(filter::matches).map(Node::id).toList());
        }
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"V6", "D2"})
    void documentsAreFilteredAsTheTableSays(Kit kit) {
        Namespace namespace = kit.namespace();
        List<PropertyMap> records = records();
        for (int i = 0; i < records.size(); i++) {
            namespace.documents("c").put(String.format("%03d", i), records.get(i));
        }
        List<Document> documents =
                namespace.documents("c").findAll(Filter.everything()).toList();
        assertThat(documents).hasSize(records.size());

        for (Filter filter : filters(kit.random())) {
            assertThat(namespace.documents("c").findAll(filter).map(Document::id))
                    .as(filter.text())
                    .containsExactlyElementsOf(documents.stream()
                            .filter(filter::matches)
                            .map(Document::id)
                            .toList());
        }
    }
}
