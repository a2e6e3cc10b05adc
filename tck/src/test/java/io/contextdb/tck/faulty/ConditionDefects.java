package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.written;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Mistakes with conditions. */
final class ConditionDefects {
    private ConditionDefects() {}

    static List<Defect> all() {
        return conditions();
    }

    private static List<Defect> conditions() {
        Condition none = Condition.none();
        return List.of(
                ignored("key-condition-ignored", "a put of a key", "K1", KeyMutation.PutKey.class, m -> m.onlyIf(none)),
                ignored(
                        "key-delete-condition-ignored",
                        "a deletion of a key",
                        "G5",
                        KeyMutation.DeleteKey.class,
                        m -> new KeyMutation.DeleteKey(m.key(), none)),
                ignored(
                        "node-condition-ignored",
                        "a put of a node",
                        "N1",
                        GraphMutation.PutNode.class,
                        m -> new GraphMutation.PutNode(m.draft(), none, m.fingerprints())),
                ignored(
                        "retraction-condition-ignored",
                        "a retraction of a node",
                        "G5",
                        GraphMutation.RetractNode.class,
                        m -> new GraphMutation.RetractNode(m.id(), m.reason(), none)),
                ignored(
                        "edge-condition-ignored",
                        "a put of an edge",
                        "N7",
                        GraphMutation.PutEdge.class,
                        m -> new GraphMutation.PutEdge(m.draft(), none)),
                ignored(
                        "edge-retraction-condition-ignored",
                        "a retraction of an edge",
                        "N7",
                        GraphMutation.RetractEdge.class,
                        m -> new GraphMutation.RetractEdge(m.id(), m.reason(), none)),
                ignored(
                        "document-condition-ignored",
                        "a put of a document",
                        "D1",
                        DocumentMutation.PutDocument.class,
                        m -> new DocumentMutation.PutDocument(m.collection(), m.id(), m.body(), m.subject(), none)),
                ignored(
                        "patch-condition-ignored",
                        "a patch of a document",
                        "D3",
                        DocumentMutation.PatchDocument.class,
                        m -> new DocumentMutation.PatchDocument(m.collection(), m.id(), m.patch(), none)),
                ignored(
                        "document-delete-condition-ignored",
                        "a deletion of a document",
                        "D1",
                        DocumentMutation.DeleteDocument.class,
                        m -> new DocumentMutation.DeleteDocument(m.collection(), m.id(), none)),
                of(
                        "skip-fails-the-batch",
                        "A mutation that asked to be skipped fails the whole batch.",
                        "G5",
                        written(Condition.class, c -> new Condition(c.kind(), c.version(), Condition.Otherwise.FAIL))),
                of(
                        "failure-skips",
                        "A mutation whose condition fails is skipped without having asked for it.",
                        "G5",
                        written(Condition.class, c -> c.kind() == Condition.Kind.ALWAYS ? c : c.orSkip())),
                of(
                        "failed-mutation-misnamed",
                        "The error of a failed condition always names the first mutation.",
                        "G5",
                        in("apply", call -> renamed(call, failed -> 0, PreconditionFailedException::currentVersion))),
                of(
                        "current-version-untold",
                        "The error of a failed condition does not say the current version.",
                        "G5",
                        in("apply", call -> renamed(call, PreconditionFailedException::mutationIndex, failed -> 0L))),
                of(
                        "conditions-judged-before-the-batch",
                        "A condition is judged on the state before the batch, so that it does not see earlier mutations.",
                        "G5",
                        in("apply", ConditionDefects::judgedBefore)),
                of(
                        "edge-ends-judged-before-the-condition",
                        "The end points of an edge are checked before its condition.",
                        "G5",
                        in("apply", ConditionDefects::endsFirst)),
                of(
                        "retracting-the-absent-fails-before-its-condition",
                        "Retracting an absent node is an error even where a failing condition asked for a skip.",
                        "G5",
                        replaced(
                                GraphMutation.RetractNode.class,
                                m -> new GraphMutation.RetractNode(
                                        m.id(),
                                        m.reason(),
                                        m.condition().kind() == Condition.Kind.VERSION
                                                        && m.condition().otherwise() == Condition.Otherwise.SKIP
                                                ? none
                                                : m.condition()))));
    }

    private static <M extends Mutation> Defect ignored(
            String id, String what, String statement, Class<M> type, Function<M, M> without) {
        return of(id, "The condition of " + what + " is ignored.", statement, replaced(type, without));
    }

    private static @Nullable Object renamed(
            Call call,
            Function<PreconditionFailedException, Integer> index,
            Function<PreconditionFailedException, Long> version) {
        try {
            return call.proceed();
        } catch (PreconditionFailedException failed) {
            throw new PreconditionFailedException(
                    index.apply(failed),
                    "failed",
                    version.apply(failed),
                    failed.existingId().orElse(null));
        }
    }

    private static @Nullable Object judgedBefore(Call call) {
        Set<String> written = new HashSet<>();
        ReadScope scope = new ReadScope(
                call.batch().namespace(), call.argument(io.contextdb.spi.value.Deadline.class), CommitToken.NONE);
        return call.rewriting(KeyMutation.class, key -> {
                    boolean earlier = !written.add(key.key());
                    if (!earlier || !(key instanceof KeyMutation.PutKey put)) {
                        return key;
                    }
                    List<KeyEntry> before = call.healthy().keys().get(scope, List.of(key.key()));
                    long version = before.isEmpty() ? 0 : before.get(0).version();
                    return put.condition().holds(version) ? put.onlyIf(Condition.none()) : put;
                })
                .proceed();
    }

    private static @Nullable Object endsFirst(Call call) {
        ReadScope scope = new ReadScope(
                call.batch().namespace(), call.argument(io.contextdb.spi.value.Deadline.class), CommitToken.NONE);
        for (Mutation mutation : call.batch().mutations()) {
            if (mutation instanceof GraphMutation.PutEdge put) {
                for (Edge old : call.healthy()
                        .graph()
                        .getEdges(scope, List.of(put.draft().id()))) {
                    if (!old.to().equals(put.draft().content().to())) {
                        throw new InvalidRequestException("edge", "has other end points");
                    }
                }
            }
        }
        return call.proceed();
    }
}
