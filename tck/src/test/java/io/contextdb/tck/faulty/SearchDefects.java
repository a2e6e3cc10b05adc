package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mistakes with searches: how near is measured, what is returned. */
final class SearchDefects {
    private SearchDefects() {}

    static List<Defect> all() {
        return search();
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
                                        call.asked(VectorQuery.class).get(i).filter();
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
                                VectorQuery q = call.asked(VectorQuery.class).get(i);
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
                            Filter first = call.asked(VectorQuery.class).get(0).filter();
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
                                VectorQuery q = call.asked(VectorQuery.class).get(i);
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
            boolean concerned = metric(call, call.asked(VectorQuery.class).get(i)) == metric;
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
                VectorQuery q = call.asked(VectorQuery.class).get(i);
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
}
