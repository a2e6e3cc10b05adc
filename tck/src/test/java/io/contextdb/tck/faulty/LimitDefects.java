package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.in;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.write.VectorMutation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** A store that takes less at once than the backend declares, and does not say so. */
final class LimitDefects {
    private static final int FEW = 1_000;

    private LimitDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>();
        for (String operation : List.of(
                "keys.get",
                "documents.get",
                "graph.get",
                "graph.getEdges",
                "graph.sources",
                "graph.findByFingerprint",
                "vectors.get")) {
            all.add(of(
                    "ids-cut-in-" + operation.replace('.', '-').toLowerCase(Locale.ROOT),
                    "Of more than 1,000 ids, " + operation + " looks at the first 1,000 only.",
                    "G9 G12",
                    in(
                            operation,
                            Collection.class,
                            call -> call.with(Collection.class, few(call.asked(Object.class)))
                                    .proceed())));
        }
        all.addAll(List.of(
                of(
                        "edge-nodes-cut",
                        "Of more than 1,000 nodes, only the edges of the first 1,000 are listed.",
                        "G9 G12",
                        Fault.asked(
                                "graph.edges",
                                EdgeQuery.class,
                                q -> new EdgeQuery(few(q.nodes()), q.direction(), q.types(), q.asOf(), q.page()))),
                of(
                        "walk-seeds-cut",
                        "Of more than 1,000 seeds, a walk starts from the first 1,000 only.",
                        "G9 G12",
                        Fault.asked(
                                "graph.walk",
                                WalkQuery.class,
                                q -> new WalkQuery(
                                        few(q.seeds()),
                                        q.direction(),
                                        q.types(),
                                        q.minWeight(),
                                        q.maxDepth(),
                                        q.limit(),
                                        q.asOf(),
                                        q.strategy()))),
                of(
                        "batch-of-the-limit-refused",
                        "A batch of exactly the declared number of mutations is refused.",
                        "G9",
                        in("apply", call -> {
                            if (call.batch().mutations().size()
                                    >= call.healthy().info().limits().batchMutations()) {
                                throw new InvalidRequestException(ErrorCode.LIMIT_EXCEEDED, "batch", "is too long");
                            }
                            return call.proceed();
                        })),
                of(
                        "widest-vectors-cut",
                        "The last component of a vector of the most dimensions is lost.",
                        "G9 V8",
                        Fault.replaced(
                                VectorMutation.PutPoint.class,
                                put -> new VectorMutation.PutPoint(
                                        put.space(),
                                        put.point()
                                                .vector()
                                                .filter(vector -> vector.dimensions() > 2_000)
                                                .map(vector -> {
                                                    float[] values = vector.toArray();
                                                    values[0] += 0.5f;
                                                    values[values.length - 1] = 0;
                                                    return put.point().toBuilder()
                                                            .vector(values)
                                                            .build();
                                                })
                                                .orElse(put.point())))),
                of(
                        "hits-cut-at-1000",
                        "A search returns at most 1,000 hits, though more are declared.",
                        "G9 V3",
                        Fault.listed("vectors.search", (List<Hit> hits) -> few(hits))),
                filtered(
                        "in-cut",
                        "Of more than 1,000 values to choose among, only the first 1,000 count.",
                        filter ->
                                filter instanceof Filter.In in ? new Filter.In(in.field(), few(in.values())) : filter),
                filtered(
                        "or-cut",
                        "Of more than 100 operands of or, only the first 100 count.",
                        filter ->
                                filter instanceof Filter.Or or && or.operands().size() > 100
                                        ? new Filter.Or(or.operands().subList(0, 100))
                                        : filter)));
        return all;
    }

    private static Defect filtered(String id, String sentence, java.util.function.UnaryOperator<Filter> change) {
        return of(
                id,
                sentence,
                "G9 V6",
                call -> call.rewriting(Filter.class, change).proceed());
    }

    private static <T> List<T> few(List<T> all) {
        return all.size() > FEW ? all.subList(0, FEW) : all;
    }
}
