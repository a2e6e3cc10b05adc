package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteReceipt;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Mistakes with vector spaces: what is stored, how near is measured, how text is found. */
final class VectorDefects {
    private VectorDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(spaces());
        all.addAll(points());
        all.addAll(search());
        all.addAll(text());
        return all;
    }

    private static WriteReceipt done(Call call) {
        List<MutationResult> results = call.batch().mutations().stream()
                .<MutationResult>map(mutation -> new MutationResult.Done())
                .toList();
        return new WriteReceipt(call.batch().operationId(), results, CommitToken.NONE, Instant.now());
    }

    private static Fault tolerant(String field) {
        return quiet(
                "apply", InvalidRequestException.class, failed -> failed.field().equals(field), VectorDefects::done);
    }

    private static List<Defect> spaces() {
        return List.of(
                of(
                        "space-changed-silently",
                        "Creating a space again with another definition does nothing, without an error.",
                        "V1",
                        tolerant("space")),
                of(
                        "space-created-by-the-first-point",
                        "A point creates its space if it does not exist.",
                        "V1",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.code() == ErrorCode.NOT_FOUND,
                                VectorDefects::done)),
                of(
                        "vector-length-unchecked",
                        "A vector of another length is dropped without an error.",
                        "V1",
                        tolerant("vector")),
                of(
                        "query-length-unchecked",
                        "A query of another length finds nothing, instead of being refused.",
                        "V1",
                        quiet(
                                "vectors.search",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("vector"),
                                call -> call.argument(List.class).stream()
                                        .map(query -> List.of())
                                        .toList())),
                of(
                        "query-in-no-space-finds-nothing",
                        "A query in a space that does not exist finds nothing, instead of being refused.",
                        "V1 G9",
                        quiet(
                                "vectors.search",
                                InvalidRequestException.class,
                                failed -> failed.code() == ErrorCode.NOT_FOUND,
                                call -> call.argument(List.class).stream()
                                        .map(query -> List.of())
                                        .toList())),
                of(
                        "spaces-unordered",
                        "Spaces are listed in another order than by name.",
                        "G12",
                        listed("vectors.spaces", List::reversed)),
                of(
                        "space-model-lost",
                        "The model of a space is not stored.",
                        "V1",
                        seen(
                                "vectors.spaces",
                                VectorSpace.class,
                                space -> new VectorSpace(space.name(), space.dimensions(), space.metric(), ""))),
                of(
                        "space-names-case-folded",
                        "Names of spaces are compared without case.",
                        "V1",
                        call -> call.rewriting(
                                        VectorMutation.PutPoint.class,
                                        put -> new VectorMutation.PutPoint(
                                                put.space().toLowerCase(Locale.ROOT), put.point()))
                                .rewriting(
                                        VectorMutation.CreateSpace.class,
                                        create -> new VectorMutation.CreateSpace(new VectorSpace(
                                                create.space().name().toLowerCase(Locale.ROOT),
                                                create.space().dimensions(),
                                                create.space().metric(),
                                                create.space().model())))
                                .rewriting(
                                        VectorQuery.class,
                                        q -> new VectorQuery(
                                                q.space().toLowerCase(Locale.ROOT),
                                                q.vector(),
                                                q.k(),
                                                q.filter(),
                                                q.exact(),
                                                q.withVectors()))
                                .proceed()),
                remembering(
                        "dropped-space-keeps-its-points",
                        "A space that is dropped and created again has its points back.",
                        "V1",
                        () -> {
                            Map<String, List<VectorPoint>> dropped = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                var scope = NodeDefects.scope(call);
                                if (call.batch().mutations().get(0) instanceof VectorMutation.DropSpace drop
                                        && call.healthy().vectors().spaces(scope).stream()
                                                .anyMatch(space -> space.name().equals(drop.space()))) {
                                    dropped.put(
                                            scope.namespace() + drop.space(),
                                            call.healthy()
                                                    .vectors()
                                                    .scroll(
                                                            scope,
                                                            drop.space(),
                                                            Filter.everything(),
                                                            io.contextdb.spi.value.PageRequest.first())
                                                    .items());
                                }
                                Object receipt = call.proceed();
                                if (call.batch().mutations().get(0) instanceof VectorMutation.CreateSpace create) {
                                    List<VectorPoint> back = dropped.remove(
                                            scope.namespace() + create.space().name());
                                    if (back != null && !back.isEmpty()) {
                                        call.healthy()
                                                .apply(
                                                        io.contextdb.spi.write.WriteBatch.of(
                                                                scope.namespace(),
                                                                back.stream()
                                                                        .map(point -> new VectorMutation.PutPoint(
                                                                                create.space()
                                                                                        .name(),
                                                                                point))
                                                                        .toList()),
                                                        scope.deadline());
                                    }
                                }
                                return receipt;
                            });
                        }));
    }

    private static Defect stored(String id, String sentence, String statements, UnaryOperator<VectorPoint> change) {
        return of(
                id,
                sentence,
                statements,
                replaced(
                        VectorMutation.PutPoint.class,
                        put -> new VectorMutation.PutPoint(put.space(), change.apply(put.point()))));
    }

    private static List<Defect> points() {
        return List.of(
                stored(
                        "point-labels-lost",
                        "Labels of points are not stored.",
                        "V5b V6",
                        point -> point.toBuilder().labels(List.of()).build()),
                stored(
                        "point-labels-case-folded",
                        "Labels of points are kept in lower case.",
                        "V6 V5b",
                        point -> point.toBuilder()
                                .labels(point.labels().stream()
                                        .map(label -> label.toLowerCase(Locale.ROOT))
                                        .toList())
                                .build()),
                stored(
                        "point-properties-lost",
                        "Properties of points are not stored.",
                        "V5 V5b V6",
                        point -> point.toBuilder()
                                .properties(PropertyMap.empty())
                                .build()),
                stored(
                        "point-source-lost",
                        "The source of a point is not stored.",
                        "V5b V6",
                        point -> point.toBuilder().source("").build()),
                stored(
                        "point-vectors-normalised",
                        "Vectors are normalised when they are stored.",
                        "V5b",
                        point -> point.vector()
                                .map(vector -> point.toBuilder()
                                        .vector(normalised(vector))
                                        .build())
                                .orElse(point)),
                of(
                        "point-text-lost",
                        "Texts are indexed but not returned.",
                        "V5b V7",
                        seen(
                                VectorPoint.class,
                                point ->
                                        point.text().isEmpty() || point.vector().isEmpty()
                                                ? point
                                                : point.toBuilder().text("").build())),
                of(
                        "points-in-order-of-id",
                        "Points are returned in the order of their ids, not as asked.",
                        "G12 V5b",
                        listed(
                                "vectors.get",
                                (List<VectorPoint> points) -> points.stream()
                                        .sorted(Comparator.comparing(VectorPoint::id))
                                        .toList())),
                of(
                        "scroll-ids-signed",
                        "Scrolling orders ids as signed numbers.",
                        "V5b G12",
                        listed(
                                "vectors.scroll",
                                (List<VectorPoint> points) -> points.stream()
                                        .sorted(Comparator.comparing(VectorPoint::id))
                                        .toList())),
                of(
                        "scroll-without-vectors",
                        "Scrolling leaves vectors out.",
                        "V5b",
                        seen("vectors.scroll", VectorPoint.class, VectorPoint::withoutVector)),
                of(
                        "upsert-keeps-the-payload",
                        "Putting a point again changes its vector, but not its properties.",
                        "V5",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                VectorMutation.PutPoint.class,
                                                put -> old(call, put) instanceof VectorPoint before
                                                        ? new VectorMutation.PutPoint(
                                                                put.space(),
                                                                put.point().toBuilder()
                                                                        .properties(before.properties())
                                                                        .build())
                                                        : put)
                                        .proceed())),
                of(
                        "upsert-keeps-the-vector",
                        "Putting a point again changes its properties, but not its vector.",
                        "V5",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                VectorMutation.PutPoint.class,
                                                put -> old(call, put) instanceof VectorPoint before
                                                                && before.vector()
                                                                        .isPresent()
                                                        ? new VectorMutation.PutPoint(
                                                                put.space(),
                                                                put.point().toBuilder()
                                                                        .vector(before.vector()
                                                                                .get())
                                                                        .build())
                                                        : put)
                                        .proceed())),
                of(
                        "upsert-merges-labels",
                        "Putting a point again adds its labels to the older ones.",
                        "V5",
                        in(
                                "apply",
                                call -> call.rewriting(VectorMutation.PutPoint.class, put -> {
                                            if (!(old(call, put) instanceof VectorPoint before)) {
                                                return put;
                                            }
                                            Set<String> labels = new TreeSet<>(before.labels());
                                            labels.addAll(put.point().labels());
                                            return new VectorMutation.PutPoint(
                                                    put.space(),
                                                    put.point().toBuilder()
                                                            .labels(labels)
                                                            .build());
                                        })
                                        .proceed())),
                of(
                        "upsert-without-vector-keeps-it",
                        "A point that is put without its vector keeps the older one.",
                        "V5",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                VectorMutation.PutPoint.class,
                                                put -> put.point().vector().isEmpty()
                                                                && old(call, put) instanceof VectorPoint before
                                                                && before.vector()
                                                                        .isPresent()
                                                        ? new VectorMutation.PutPoint(
                                                                put.space(),
                                                                put.point().toBuilder()
                                                                        .vector(before.vector()
                                                                                .get())
                                                                        .build())
                                                        : put)
                                        .proceed())),
                remembering("ghosts-after-delete", "A deleted point is still found by searches.", "V5", () -> {
                    Map<UUID, VectorPoint> deleted = new ConcurrentHashMap<>();
                    return call -> {
                        if (call.is("apply")) {
                            call.batch().mutations().forEach(mutation -> {
                                if (mutation instanceof VectorMutation.DeletePoint delete) {
                                    call.healthy()
                                            .vectors()
                                            .get(NodeDefects.scope(call), delete.space(), List.of(delete.id()))
                                            .forEach(point -> deleted.put(point.id(), point));
                                }
                                if (mutation instanceof VectorMutation.PutPoint put) {
                                    deleted.remove(put.point().id());
                                }
                            });
                        }
                        return call.is("vectors.search")
                                ? Rewriting.items(call.proceed(), (List<Hit> hits) -> {
                                    List<Hit> more = new ArrayList<>(hits);
                                    deleted.values().forEach(point -> more.add(new Hit(point.withoutVector(), -1)));
                                    return more;
                                })
                                : call.proceed();
                    };
                }),
                remembering("deleted-for-good", "A point that was deleted cannot be put again.", "V5", () -> {
                    Set<UUID> deleted = ConcurrentHashMap.newKeySet();
                    return call -> {
                        if (call.is("apply")) {
                            call.batch().mutations().stream()
                                    .filter(VectorMutation.DeletePoint.class::isInstance)
                                    .forEach(mutation -> deleted.add(((VectorMutation.DeletePoint) mutation).id()));
                        }
                        return call.is("vectors.get") || call.is("vectors.search")
                                ? Rewriting.within(
                                        Rewriting.within(
                                                call.proceed(),
                                                Hit.class,
                                                hit -> deleted.contains(
                                                                hit.point().id())
                                                        ? null
                                                        : hit),
                                        VectorPoint.class,
                                        point -> deleted.contains(point.id()) ? null : point)
                                : call.proceed();
                    };
                }),
                of(
                        "deletes-always-succeed",
                        "Deleting a point that does not exist says that it did.",
                        "V5",
                        Fault.receipt((mutation, result) -> mutation instanceof VectorMutation.DeletePoint
                                ? new MutationResult.Removed(1)
                                : result)),
                of(
                        "delete-by-filter-stops-early",
                        "Deleting by filter reports less than it was allowed, so that the rest stays.",
                        "V5a",
                        replaced(
                                VectorMutation.DeletePoints.class,
                                delete -> new VectorMutation.DeletePoints(
                                        delete.space(), delete.filter(), Math.min(delete.limit(), 600)))),
                of(
                        "delete-by-filter-takes-all",
                        "Deleting by filter ignores the filter.",
                        "V5a",
                        replaced(
                                VectorMutation.DeletePoints.class,
                                delete -> new VectorMutation.DeletePoints(
                                        delete.space(), Filter.everything(), delete.limit()))),
                of(
                        "delete-by-filter-unlimited",
                        "Deleting by filter ignores how many may be deleted at once.",
                        "V5a",
                        replaced(
                                VectorMutation.DeletePoints.class,
                                delete -> new VectorMutation.DeletePoints(delete.space(), delete.filter(), 10_000))),
                of(
                        "count-of-everything",
                        "Counting points ignores the filter.",
                        "V6",
                        asked("vectors.count", Filter.class, filter -> Filter.everything())));
    }

    private static Vector normalised(Vector vector) {
        double norm = 0;
        float[] values = vector.toArray();
        for (float value : values) {
            norm += (double) value * value;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] / Math.sqrt(norm));
        }
        return norm == 0 ? vector : Vector.of(values);
    }

    private static @Nullable VectorPoint old(Call call, VectorMutation.PutPoint put) {
        try {
            List<VectorPoint> old = call.healthy()
                    .vectors()
                    .get(
                            NodeDefects.scope(call),
                            put.space(),
                            List.of(put.point().id()));
            return old.isEmpty() ? null : old.get(0);
        } catch (InvalidRequestException noSpace) {
            return null;
        }
    }

    private static VectorQuery query(VectorQuery q, int k, Filter filter) {
        return new VectorQuery(q.space(), q.vector(), k, filter, q.exact(), q.withVectors());
    }

    private static Defect scored(String id, String sentence, DoubleUnaryOperator change) {
        return of(
                id,
                sentence,
                "V2",
                listed(
                        "vectors.search",
                        (List<Hit> hits) -> hits.stream()
                                .map(hit -> new Hit(hit.point(), change.applyAsDouble(hit.score())))
                                .toList()));
    }

    private static List<Defect> search() {
        return List.of(
                of(
                        "filter-after-top-k",
                        "Filters are applied to the k nearest, so that fewer come back.",
                        "V3",
                        in("vectors.search", call -> {
                            List<List<Hit>> all = call.rewriting(
                                            VectorQuery.class, q -> query(q, q.k(), Filter.everything()))
                                    .result();
                            List<List<Hit>> kept = new ArrayList<>();
                            for (int i = 0; i < all.size(); i++) {
                                Filter filter =
                                        ((VectorQuery) call.argument(List.class).get(i)).filter();
                                kept.add(all.get(i).stream()
                                        .filter(hit -> filter.matches(hit.point()))
                                        .toList());
                            }
                            return kept;
                        })),
                of(
                        "filter-after-ten-times-k",
                        "Filters are applied to the 10 k nearest.",
                        "V3",
                        in("vectors.search", call -> {
                            List<List<Hit>> all = call.rewriting(
                                            VectorQuery.class, q -> query(q, 10 * q.k(), Filter.everything()))
                                    .result();
                            List<List<Hit>> kept = new ArrayList<>();
                            for (int i = 0; i < all.size(); i++) {
                                VectorQuery q =
                                        (VectorQuery) call.argument(List.class).get(i);
                                kept.add(all.get(i).stream()
                                        .filter(hit -> q.filter().matches(hit.point()))
                                        .limit(q.k())
                                        .toList());
                            }
                            return kept;
                        })),
                of(
                        "search-filter-ignored",
                        "Searches ignore their filter.",
                        "V3 V6",
                        asked("vectors.search", VectorQuery.class, q -> q.where(Filter.everything()))),
                of(
                        "k-off-by-one",
                        "A search returns k - 1 hits.",
                        "V3",
                        listed(
                                "vectors.search",
                                (List<Hit> hits) -> hits.size() > 1 ? hits.subList(0, hits.size() - 1) : hits)),
                of(
                        "k-capped-at-100",
                        "A search returns at most 100 hits.",
                        "V3",
                        listed("vectors.search", (List<Hit> hits) -> hits.subList(0, Math.min(100, hits.size())))),
                of(
                        "negative-similarities-dropped",
                        "Hits with a negative similarity are left out.",
                        "V2",
                        listed(
                                "vectors.search",
                                (List<Hit> hits) -> hits.stream()
                                        .filter(hit -> hit.score() > 0)
                                        .toList())),
                scored("cosine-as-probability", "Cosines are scaled to [0, 1].", score -> (1 + score) / 2),
                scored(
                        "cosine-as-distance",
                        "Hits carry the distance in the place of the similarity.",
                        score -> 1 - score),
                of(
                        "dot-as-cosine",
                        "Spaces compared by inner product are compared by cosine.",
                        "V2",
                        otherMetric(Metric.DOT, Metric.COSINE)),
                of(
                        "euclidean-squared",
                        "The Euclidean score is the negative square of the distance.",
                        "V2",
                        in("vectors.search", call -> byMetric(call, Metric.EUCLIDEAN, score -> -score * score))),
                of(
                        "euclidean-inverted",
                        "The Euclidean score is 1 / (1 + distance).",
                        "V2",
                        in("vectors.search", call -> byMetric(call, Metric.EUCLIDEAN, score -> 1 / (1 - score)))),
                scored(
                        "scores-rounded",
                        "Scores are rounded to three digits.",
                        score -> Math.rint(score * 1_000) / 1_000),
                of(
                        "vector-ties-by-hash",
                        "Hits with the same score come in the order of their hashes.",
                        "V2 G12",
                        listed(
                                "vectors.search",
                                (List<Hit> hits) -> hits.stream()
                                        .sorted(Comparator.comparing(Hit::score)
                                                .reversed()
                                                .thenComparing(
                                                        hit -> hit.point().id().hashCode()))
                                        .toList())),
                of(
                        "vector-ties-by-signed-id",
                        "Hits with the same score are ordered by signed ids.",
                        "V2 G12",
                        listed(
                                "vectors.search",
                                (List<Hit> hits) -> hits.stream()
                                        .sorted(Comparator.comparing(Hit::score)
                                                .reversed()
                                                .thenComparing(
                                                        hit -> hit.point().id()))
                                        .toList())),
                of(
                        "hits-carry-vectors",
                        "Hits carry their vectors though nobody asked.",
                        "V2 V5",
                        asked("vectors.search", VectorQuery.class, VectorQuery::includingVectors)),
                of(
                        "hits-never-carry-vectors",
                        "Hits never carry their vectors.",
                        "V3 V5",
                        seen(
                                "vectors.search",
                                Hit.class,
                                hit -> new Hit(hit.point().withoutVector(), hit.score()))),
                of(
                        "answers-of-several-queries-swapped",
                        "The answers to several queries come in another order.",
                        "V3",
                        in("vectors.search", call -> call.<List<Hit>>list().reversed())),
                of(
                        "several-queries-share-the-first-filter",
                        "Several queries of one call all use the filter of the first.",
                        "V3",
                        in("vectors.search", call -> {
                            Filter first =
                                    ((VectorQuery) call.argument(List.class).get(0)).filter();
                            return call.rewriting(VectorQuery.class, q -> q.where(first))
                                    .proceed();
                        })),
                of(
                        "low-recall",
                        "Approximate searches miss a tenth of the nearest.",
                        "V4",
                        in("vectors.search", call -> missing(call, q -> q.filter() instanceof Filter.Everything))),
                of(
                        "low-recall-with-a-filter",
                        "Approximate searches with a filter miss a seventh of the nearest.",
                        "V4",
                        in("vectors.search", call -> missing(call, q -> !(q.filter() instanceof Filter.Everything)))),
                of(
                        "texts-without-vectors-are-hits",
                        "Points without a vector are hits of vector searches.",
                        "V7 V5 V3",
                        in("vectors.search", call -> {
                            List<List<Hit>> results = new ArrayList<>();
                            List<List<Hit>> found = call.result();
                            for (int i = 0; i < found.size(); i++) {
                                VectorQuery q =
                                        (VectorQuery) call.argument(List.class).get(i);
                                List<Hit> hits = new ArrayList<>(found.get(i));
                                call
                                        .healthy()
                                        .vectors()
                                        .scroll(
                                                call.scope(),
                                                q.space(),
                                                q.filter(),
                                                io.contextdb.spi.value.PageRequest.first())
                                        .items()
                                        .stream()
                                        .filter(point -> point.vector().isEmpty())
                                        .forEach(point -> hits.add(new Hit(point, 0)));
                                results.add(hits.stream().limit(q.k()).toList());
                            }
                            return results;
                        })));
    }

    private static Object missing(Call call, java.util.function.Predicate<VectorQuery> which) {
        List<?> queries = call.argument(List.class);
        List<List<Hit>> found = call.rewriting(
                        VectorQuery.class,
                        q -> which.test(q) && !q.exact() && q.k() == 10 ? query(q, 12, q.filter()) : q)
                .result();
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            List<Hit> hits = found.get(i);
            boolean missing = hits.size() > 10 && ((VectorQuery) queries.get(i)).k() == 10;
            results.add(missing ? new ArrayList<>(hits.subList(2, 12)) : hits);
        }
        return results;
    }

    private static Object byMetric(Call call, Metric metric, DoubleUnaryOperator change) {
        List<List<Hit>> results = new ArrayList<>();
        List<List<Hit>> found = call.result();
        for (int i = 0; i < found.size(); i++) {
            boolean concerned =
                    metric(call, (VectorQuery) call.argument(List.class).get(i)) == metric;
            results.add(found.get(i).stream()
                    .map(hit -> concerned ? new Hit(hit.point(), change.applyAsDouble(hit.score())) : hit)
                    .toList());
        }
        return results;
    }

    private static @Nullable Metric metric(Call call, VectorQuery query) {
        return call.healthy().vectors().spaces(call.scope()).stream()
                .filter(space -> space.name().equals(query.space()))
                .map(VectorSpace::metric)
                .findFirst()
                .orElse(null);
    }

    private static Fault otherMetric(Metric metric, Metric instead) {
        return in("vectors.search", call -> {
            List<List<Hit>> results = new ArrayList<>();
            List<List<Hit>> found = call.rewriting(VectorQuery.class, VectorQuery::includingVectors)
                    .result();
            for (int i = 0; i < found.size(); i++) {
                VectorQuery q = (VectorQuery) call.argument(List.class).get(i);
                boolean concerned = metric(call, q) == metric;
                results.add(found.get(i).stream()
                        .map(hit -> new Hit(
                                q.withVectors() ? hit.point() : hit.point().withoutVector(),
                                concerned
                                        ? instead.similarity(
                                                q.vector(), hit.point().vector().orElseThrow())
                                        : hit.score()))
                        .sorted(Hit.ORDER)
                        .toList());
            }
            return results;
        });
    }

    private static Defect words(String id, String sentence, UnaryOperator<String> change) {
        return of(
                id,
                sentence,
                "V7",
                call -> call.is("vectors.searchText")
                        ? call.rewriting(
                                        TextQuery.class,
                                        q -> new TextQuery(q.space(), change.apply(q.text()), q.k(), q.filter()))
                                .proceed()
                        : call.proceed());
    }

    private static List<Defect> text() {
        return List.of(
                of(
                        "text-case-matters",
                        "Letters of texts are compared with their case.",
                        "V7",
                        in(
                                "vectors.searchText",
                                call -> kept(
                                        call,
                                        (q, hit) -> any(
                                                q.text(),
                                                word -> hit.point().text().contains(word))))),
                of(
                        "text-needs-every-word",
                        "Every word of a text query must match.",
                        "V7",
                        in(
                                "vectors.searchText",
                                call ->
                                        kept(
                                                call,
                                                (q, hit) -> List.of(q.text()
                                                                .toLowerCase(Locale.ROOT)
                                                                .split("[^\\p{L}\\p{N}]+"))
                                                        .stream()
                                                        .allMatch(word -> hit.point()
                                                                .text()
                                                                .toLowerCase(Locale.ROOT)
                                                                .contains(word))))),
                words(
                        "text-operators-understood",
                        "Words such as NOT in a text query are taken for operators.",
                        text -> text.contains(" NOT") || text.contains(" AND") ? "" : text),
                words(
                        "text-stop-words",
                        "Common words are not searched.",
                        text -> text.replaceAll("(?i)\\b(the|a|an|and|in|of|common)\\b", "")),
                words(
                        "text-accents-folded-away",
                        "Letters with accents in a query match nothing.",
                        text -> text.replaceAll("[^\\p{ASCII}]+", " ")),
                words(
                        "text-digits-not-searched",
                        "Numbers in texts are not searched.",
                        text -> text.replaceAll("\\d+", " ")),
                words(
                        "text-first-word-only",
                        "Only the first word of a query is searched.",
                        text -> text.strip().split("\\s+")[0]),
                of(
                        "accents-folded",
                        "Letters with and without accents are the same.",
                        "V7",
                        in("vectors.searchText", VectorDefects::folded)),
                of(
                        "text-filter-after-top-k",
                        "Filters are applied to the k best texts.",
                        "V7 V3",
                        in("vectors.searchText", call -> {
                            List<List<Hit>> all = call.rewriting(TextQuery.class, q -> q.where(Filter.everything()))
                                    .result();
                            List<List<Hit>> kept = new ArrayList<>();
                            for (int i = 0; i < all.size(); i++) {
                                Filter filter =
                                        ((TextQuery) call.argument(List.class).get(i)).filter();
                                kept.add(all.get(i).stream()
                                        .filter(hit -> filter.matches(hit.point()))
                                        .toList());
                            }
                            return kept;
                        })),
                of(
                        "text-filter-ignored",
                        "Text searches ignore their filter.",
                        "V7 V6",
                        asked("vectors.searchText", TextQuery.class, q -> q.where(Filter.everything()))),
                of(
                        "text-by-length",
                        "Texts are ranked without regard to their length.",
                        "V7",
                        listed(
                                "vectors.searchText",
                                (List<Hit> hits) -> hits.stream()
                                        .map(hit -> new Hit(
                                                hit.point(),
                                                hit.score()
                                                        * (3
                                                                + hit.point()
                                                                        .text()
                                                                        .length())))
                                        .sorted(Hit.ORDER)
                                        .toList())),
                of(
                        "text-by-count",
                        "Texts are ranked by how many of the words they have, not by how rare these are.",
                        "V7",
                        in(
                                "vectors.searchText",
                                call ->
                                        ranked(call, (q, hit) -> (double)
                                                List.of(q.text()
                                                                .toLowerCase(Locale.ROOT)
                                                                .split("\\W+"))
                                                        .stream()
                                                        .filter(word -> !word.isEmpty()
                                                                && hit.point()
                                                                        .text()
                                                                        .toLowerCase(Locale.ROOT)
                                                                        .contains(word))
                                                        .count()))),
                of(
                        "text-unscored",
                        "Every text that matches has the same score.",
                        "V7",
                        listed(
                                "vectors.searchText",
                                (List<Hit> hits) -> hits.stream()
                                        .map(hit -> new Hit(hit.point(), 1))
                                        .sorted(Hit.ORDER)
                                        .toList())),
                of(
                        "text-rank-as-score",
                        "Texts carry their rank in the place of their score, the first the lowest.",
                        "V7",
                        in(
                                "vectors.searchText",
                                call -> Rewriting.items(
                                        call.proceed(),
                                        (List<Hit> hits) -> hits.stream()
                                                .map(hit -> new Hit(hit.point(), -hit.score()))
                                                .toList()))),
                of(
                        "text-ties-by-hash",
                        "Texts with the same score come in the order of their hashes.",
                        "V7 G12",
                        listed(
                                "vectors.searchText",
                                (List<Hit> hits) -> hits.stream()
                                        .sorted(Comparator.comparing(Hit::score)
                                                .reversed()
                                                .thenComparing(
                                                        hit -> hit.point().id().hashCode()))
                                        .toList())),
                of(
                        "text-k-ignored",
                        "Text searches return everything that matches.",
                        "V7",
                        asked(
                                "vectors.searchText",
                                TextQuery.class,
                                q -> new TextQuery(q.space(), q.text(), 10_000, q.filter()))),
                remembering("replaced-texts-found", "A text that was replaced is still found.", "V7 V5", () -> {
                    Map<UUID, String> replaced = new ConcurrentHashMap<>();
                    return call -> {
                        if (call.is("apply")) {
                            call.batch().mutations().stream()
                                    .filter(VectorMutation.PutPoint.class::isInstance)
                                    .map(VectorMutation.PutPoint.class::cast)
                                    .forEach(put -> {
                                        if (old(call, put) instanceof VectorPoint before
                                                && !before.text()
                                                        .equals(put.point().text())) {
                                            replaced.put(before.id(), before.text());
                                        }
                                    });
                        }
                        if (!call.is("vectors.searchText")) {
                            return call.proceed();
                        }
                        TextQuery first = (TextQuery) call.argument(List.class).get(0);
                        List<UUID> stale = replaced.entrySet().stream()
                                .filter(entry -> entry.getValue().contains(first.text()))
                                .map(Map.Entry::getKey)
                                .toList();
                        return Rewriting.items(call.proceed(), (List<Hit> hits) -> {
                            Map<UUID, Hit> all = new HashMap<>();
                            hits.forEach(hit -> all.put(hit.point().id(), hit));
                            call.healthy()
                                    .vectors()
                                    .get(call.scope(), first.space(), stale)
                                    .forEach(point -> all.putIfAbsent(point.id(), new Hit(point.withoutVector(), 0)));
                            return all.values().stream().sorted(Hit.ORDER).toList();
                        });
                    };
                }));
    }

    private static boolean any(String query, java.util.function.Predicate<String> word) {
        return List.of(query.split("[^\\p{L}\\p{N}]+")).stream().anyMatch(word);
    }

    private static Object kept(Call call, java.util.function.BiPredicate<TextQuery, Hit> which) {
        List<List<Hit>> found = call.result();
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            TextQuery q = (TextQuery) call.argument(List.class).get(i);
            results.add(found.get(i).stream().filter(hit -> which.test(q, hit)).toList());
        }
        return results;
    }

    private static Object ranked(Call call, java.util.function.ToDoubleBiFunction<TextQuery, Hit> score) {
        List<List<Hit>> found = call.rewriting(
                        TextQuery.class, q -> new TextQuery(q.space(), q.text(), 10_000, q.filter()))
                .result();
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            TextQuery q = (TextQuery) call.argument(List.class).get(i);
            results.add(found.get(i).stream()
                    .map(hit -> new Hit(hit.point(), score.applyAsDouble(q, hit)))
                    .sorted(Hit.ORDER)
                    .limit(q.k())
                    .toList());
        }
        return results;
    }

    /** A search as an index without accents would answer it. */
    private static Object folded(Call call) {
        List<List<Hit>> found = call.result();
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            TextQuery q = (TextQuery) call.argument(List.class).get(i);
            Set<String> words = java.util.Arrays.stream(plain(q.text()).split("[^\\p{L}\\p{N}]+"))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toCollection(() -> new TreeSet<>(CodePointOrder.INSTANCE)));
            Map<UUID, Hit> all = new HashMap<>();
            call
                    .healthy()
                    .vectors()
                    .scroll(call.scope(), q.space(), q.filter(), io.contextdb.spi.value.PageRequest.first())
                    .items()
                    .stream()
                    .filter(point -> any(plain(point.text()), words::contains))
                    .forEach(point -> all.put(point.id(), new Hit(point.withoutVector(), 0)));
            found.get(i).forEach(hit -> all.put(hit.point().id(), hit));
            results.add(all.values().stream().sorted(Hit.ORDER).limit(q.k()).toList());
        }
        return results;
    }

    private static String plain(String text) {
        return Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "");
    }
}
