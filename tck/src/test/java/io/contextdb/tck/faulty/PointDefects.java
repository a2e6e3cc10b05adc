package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mistakes with points: what is stored, replaced, deleted. */
final class PointDefects {
    private PointDefects() {}

    static List<Defect> all() {
        return points();
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
                                            .get(call.before(), delete.space(), List.of(delete.id()))
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
                    .get(call.before(), put.space(), List.of(put.point().id()));
            return old.isEmpty() ? null : old.get(0);
        } catch (InvalidRequestException noSpace) {
            return null;
        }
    }
}
