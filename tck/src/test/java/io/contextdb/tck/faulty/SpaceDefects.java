package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Mistakes with vector spaces. */
final class SpaceDefects {
    private SpaceDefects() {}

    static List<Defect> all() {
        return spaces();
    }

    private static Fault tolerant(String field) {
        return quiet(
                "apply",
                InvalidRequestException.class,
                failed -> failed.field().equals(field),
                call -> call.pretended(new MutationResult.Done()));
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
                                call -> call.pretended(new MutationResult.Done()))),
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
                                call -> call.asked(VectorQuery.class).stream()
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
                                call -> call.asked(VectorQuery.class).stream()
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
                                var scope = call.before();
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
                                    if (back != null
                                            && !back.isEmpty()
                                            && back.get(0)
                                                            .vector()
                                                            .map(Vector::dimensions)
                                                            .orElse(0)
                                                    == create.space().dimensions()) {
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
}
