package io.contextdb.tck.text;

import io.contextdb.HybridQuery;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.VectorMutation;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Texts of vector spaces and points. */
final class VectorPlaces {
    private static final String SPACE = "points";
    private static final String NUMBER = "number";
    private static final Vector VECTOR = Vector.of(1, 2);
    private static final UUID ID = new UUID(1, 1);

    private VectorPlaces() {}

    static List<Place> all() {
        return List.of(
                space(),
                point(
                        "point's label",
                        Rule.bytes(1, 256),
                        "point.labels",
                        (point, text) -> point.labels(List.of("one", text)),
                        Filter::label,
                        (point, text) -> point.labels().contains(text)),
                point(
                                "point's source",
                                Rule.bytes(0, 512),
                                "point.source",
                                VectorPoint.Builder::source,
                                text -> Filter.eq(Field.source(), text),
                                (point, text) -> point.source().equals(text))
                        .emptyIsNone(),
                point(
                                "point's subject",
                                Rule.bytes(0, 512),
                                "point.subject",
                                VectorPoint.Builder::subject,
                                text -> Filter.in(Field.subject(), List.of("one", text)),
                                (point, text) -> point.subject().equals(text))
                        .emptyIsNone(),
                point(
                        "point's property",
                        Rule.any(),
                        "",
                        (point, text) -> point.property("text", text),
                        text -> Filter.eq(Field.property("text"), text),
                        (point, text) -> text.equals(point.properties().get("text"))),
                point(
                                "point's key",
                                Rule.any(),
                                "",
                                (point, text) -> point.property("keys", PropertyMap.of(text, true)),
                                text -> Filter.eq(Field.property("keys", text), true),
                                (point, text) -> point.properties().contains(List.of("keys", text)))
                        .finding(Rule.any()),
                text());
    }

    static void prepare(Namespace namespace) {
        namespace.vectors().createSpace(VectorSpace.cosine(SPACE, 2));
    }

    private static Place space() {
        return Place.of(
                        "space",
                        Capability.VECTORS,
                        Rule.bytes(1, 128),
                        "space",
                        (namespace, batch, text, number) -> batch.accept(new VectorMutation.CreateSpace(
                                new VectorSpace(text, 2, Metric.COSINE, "model " + number))),
                        (namespace, text) -> {
                            // The list does not take a name, so that what is found by one is asked for first.
                            VectorQuery.nearest(text, VECTOR, 1);
                            return namespace.vectors().spaces().stream()
                                    .filter(space -> space.name().equals(text))
                                    .map(space -> Integer.valueOf(space.model().substring(6)))
                                    .toList();
                        })
                .also("space", (namespace, text) -> namespace.vectors().count(text, Filter.everything()))
                .also("space", (namespace, text) -> namespace.vectors().get(text, ID))
                .also("space", (namespace, text) -> namespace.vectors().get(text, List.of(ID)))
                .also(
                        "space",
                        (namespace, text) -> namespace
                                .vectors()
                                .scroll(text, Filter.everything())
                                .forEach(found -> {}))
                .also("space", (namespace, text) -> namespace.vectors().put(text, point(1).build()))
                .also("space", (namespace, text) -> namespace.vectors().put(text, List.of(point(1).build())))
                .also("space", (namespace, text) -> namespace.vectors().delete(text, ID))
                .also("space", (namespace, text) -> namespace.vectors().deleteWhere(text, Filter.everything()))
                .also("space", (namespace, text) -> namespace.vectors().dropSpace(text))
                .also("space", (namespace, text) -> TextQuery.of(text, "a", 1))
                .also("space", (namespace, text) -> new HybridQuery(text, VECTOR, "a", 1, Filter.everything()))
                .also("space", (namespace, text) -> namespace.batch().put(text, point(1).build()))
                .also("space", (namespace, text) -> namespace.batch().deletePoint(text, ID))
                .few();
    }

    private static VectorPoint.Builder point(int number) {
        return VectorPoint.builder(new UUID(5, number)).vector(VECTOR).property(NUMBER, number);
    }

    private static Place point(
            String name,
            Rule rule,
            String field,
            BiFunction<VectorPoint.Builder, String, VectorPoint.Builder> with,
            Function<String, Filter> filter,
            BiPredicate<VectorPoint, String> kept) {
        return Place.of(
                        name,
                        Capability.VECTORS,
                        rule,
                        field,
                        (namespace, batch, text, number) -> batch.accept(new VectorMutation.PutPoint(
                                SPACE, with.apply(point(number), text).build())),
                        (namespace, text) -> namespace
                                .vectors()
                                .scroll(SPACE, filter.apply(text))
                                .map(found -> kept.test(found, text) ? number(found) : -1)
                                .toList())
                .byFilter();
    }

    private static int number(VectorPoint point) {
        return Math.toIntExact(point.properties().integer(NUMBER).orElse(-1L));
    }

    /** The text of a point: it comes back as it was, and any text may be looked for. */
    private static Place text() {
        return Place.of(
                "point's text",
                Capability.TEXT_SEARCH,
                Rule.bytes(0, 1 << 20),
                "point.text",
                (namespace, batch, text, number) -> batch.accept(new VectorMutation.PutPoint(
                        SPACE,
                        VectorPoint.builder(id(text))
                                .vector(VECTOR)
                                .text(text)
                                .property(NUMBER, number)
                                .build())),
                (namespace, text) -> {
                    VectorPoint.builder(ID).vector(VECTOR).text(text).build();
                    if (text.length() < 1_000) {
                        namespace.vectors().searchText(TextQuery.of(SPACE, text, 3));
                    }
                    return namespace.vectors().get(SPACE, id(text)).stream()
                            .map(found -> found.text().equals(text) ? number(found) : -1)
                            .toList();
                });
    }

    private static UUID id(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
