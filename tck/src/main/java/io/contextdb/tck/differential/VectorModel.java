package io.contextdb.tck.differential;

import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Vector spaces of each metric that the backend has, and points with vectors, texts and payloads. */
final class VectorModel implements Model {
    private static final List<Vector> VECTORS = List.of(
            Vector.of(1, 0, 0),
            Vector.of(0, 1, 0),
            Vector.of(-1, 0, 0),
            Vector.of(1, 1, 0),
            Vector.of(2, 2, 0),
            Vector.of(0.5f, -0.25f, 3),
            Vector.of(-3, 2, 0.125f));

    private static final List<String> TEXTS = List.of(
            "",
            "red apple",
            "Red APPLE pie",
            "a green apple and a red one",
            "blue",
            "red apple",
            "Straße ÉTÉ naïve",
            "red red red");

    private static final List<Field> FIELDS =
            List.of(Field.id(), Field.labels(), Field.source(), Field.subject(), Field.validFrom(), Field.validTo());

    private final Pool pool;
    private final boolean exact;
    private final boolean texts;
    private final boolean fuzzy;
    private final List<VectorSpace> spaces = new ArrayList<>();

    VectorModel(Pool pool, BackendInfo info) {
        this.pool = pool;
        exact = info.offers(Capability.EXACT_SEARCH);
        texts = info.offers(Capability.TEXT_SEARCH);
        fuzzy = info.offers(Capability.FUZZY_TEXT_SEARCH);
        spaces.add(VectorSpace.cosine("angle", 3));
        if (info.offers(Capability.DOT_METRIC)) {
            spaces.add(new VectorSpace("product", 3, Metric.DOT, "m"));
        }
        if (info.offers(Capability.EUCLIDEAN_METRIC)) {
            spaces.add(new VectorSpace("distance é", 3, Metric.EUCLIDEAN, "m"));
        }
    }

    @Override
    public List<Symbol<Mutation>> opening() {
        List<Symbol<Mutation>> all = new ArrayList<>();
        spaces.forEach(space -> {
            all.add(create(space));
            Pool.IDS.subList(0, 4).forEach(id -> all.add(putPoint(space.name(), id)));
        });
        return all;
    }

    @Override
    public Symbol<Mutation> mutation() {
        VectorSpace space = pool.one(spaces);
        UUID id = pool.one(Pool.IDS);
        return switch (pool.below(40)) {
            case 0 -> drop(space.name());
            case 1 -> create(new VectorSpace(space.name(), 4, space.metric(), space.model()));
            case 2, 3 -> create(space);
            case 4, 5, 6, 7, 8, 9 ->
                Symbol.of(
                        side -> new VectorMutation.DeletePoint(space.name(), id),
                        side -> "new VectorMutation.DeletePoint(" + JavaText.arguments(space.name(), id) + ")");
            case 10, 11, 12 -> {
                Filter filter = pool.filter(FIELDS, 2);
                int limit = pool.pageSize();
                yield Symbol.of(
                        side -> new VectorMutation.DeletePoints(space.name(), filter, limit),
                        side -> "new VectorMutation.DeletePoints(" + JavaText.arguments(space.name(), filter, limit)
                                + ")");
            }
            default -> putPoint(space.name(), id);
        };
    }

    private static Symbol<Mutation> create(VectorSpace space) {
        return Symbol.of(
                side -> new VectorMutation.CreateSpace(space),
                side -> "new VectorMutation.CreateSpace(new VectorSpace("
                        + JavaText.arguments(space.name(), space.dimensions(), space.metric(), space.model()) + "))");
    }

    private static Symbol<Mutation> drop(String space) {
        return Symbol.of(
                side -> new VectorMutation.DropSpace(space),
                side -> "new VectorMutation.DropSpace(" + JavaText.of(space) + ")");
    }

    private Symbol<Mutation> putPoint(String space, UUID id) {
        VectorPoint.Builder point = VectorPoint.builder(id);
        StringBuilder java = new StringBuilder("VectorPoint.builder(" + JavaText.of(id) + ")");
        String text = pool.one(TEXTS);
        if (text.isEmpty() || !pool.oneIn(5)) {
            Vector vector = pool.oneIn(40) ? Vector.of(1, 2) : pool.one(VECTORS);
            point.vector(vector);
            set(java, "vector", vector);
        }
        if (!text.isEmpty()) {
            point.text(text);
            set(java, "text", text);
        }
        if (pool.oneIn(2)) {
            List<String> labels = pool.some(Pool.LABELS);
            point.labels(labels);
            set(java, "labels", labels);
        }
        if (!pool.oneIn(3)) {
            var properties = pool.properties();
            point.properties(properties);
            set(java, "properties", properties);
        }
        if (pool.oneIn(2)) {
            String source = pool.one(Pool.SOURCES);
            point.source(source);
            set(java, "source", source);
        }
        if (pool.oneIn(2)) {
            String subject = pool.one(Pool.SUBJECTS);
            point.subject(subject);
            set(java, "subject", subject);
        }
        if (pool.oneIn(3)) {
            var validity = pool.interval();
            point.validity(validity);
            set(java, "validity", validity);
        }
        VectorPoint built = point.build();
        return Symbol.of(
                side -> new VectorMutation.PutPoint(space, built),
                side -> "new VectorMutation.PutPoint(" + JavaText.of(space) + ", " + java + ".build())");
    }

    private static void set(StringBuilder java, String name, Object value) {
        java.append('.').append(name).append('(').append(JavaText.of(value)).append(')');
    }

    @Override
    public Action read() {
        String space = pool.one(spaces).name();
        List<UUID> ids = pool.some(Pool.IDS);
        Filter filter = pool.oneIn(3) ? Filter.everything() : pool.filter(FIELDS, 3);
        int kind = pool.below(10);
        if (kind < 4 && exact) {
            Vector vector = pool.oneIn(40) ? Vector.of(0, 0, 0) : pool.one(VECTORS);
            return new Search(space, vector, "", false, 1 + pool.below(8), filter);
        }
        if (kind < 6 && texts) {
            String words = pool.one(List.of("red", "APPLE", "red blue", "été", "", "pi", "rde", "aplpe pies", "grene"));
            return new Search(space, null, words, fuzzy && pool.oneIn(2), 1, filter);
        }
        return switch (kind % 4) {
            case 0 ->
                new Read(
                        side -> "vectors().get(" + JavaText.arguments(space, ids) + ")",
                        side -> side.view().all(side.namespace().vectors().get(space, ids), side.view()::point));
            case 1 ->
                new Read(
                        side -> "vectors().count(" + JavaText.arguments(space, filter) + ")",
                        side -> side.namespace().vectors().count(space, filter));
            case 2 ->
                new Read(
                        side -> "vectors().spaces()",
                        side -> side.namespace().vectors().spaces());
            default ->
                new Read(
                        side -> "vectors().scroll(" + JavaText.arguments(space, filter) + ").toList()",
                        side -> side.view().all(side.namespace().vectors().scroll(space, filter), side.view()::point));
        };
    }
}
