package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.written;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Mistakes with whole batches: atomicity, conditions, operation ids, tokens. */
final class BatchDefects {
    private BatchDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(atomicity());
        all.addAll(conditions());
        all.addAll(operationIds());
        all.addAll(tokens());
        return all;
    }

    private static List<Defect> atomicity() {
        return List.of(
                of(
                        "batch-in-pieces",
                        "Each mutation of a batch is committed by itself.",
                        "G5",
                        in("apply", BatchDefects::oneByOne)),
                of(
                        "failed-batch-half-kept",
                        "A batch that fails keeps what stood before the failing mutation.",
                        "G5",
                        in("apply", BatchDefects::halfKept)),
                of(
                        "batch-grouped-by-kind",
                        "The mutations of a batch are applied kind by kind, not in their order.",
                        "G5",
                        in("apply", BatchDefects::byKind)),
                of(
                        "late-failure-kept-quiet",
                        "A condition that fails in a batch of several mutations is logged, and the batch is reported as applied.",
                        "G5",
                        quiet("apply", PreconditionFailedException.class, failed -> true, BatchDefects::pretended)));
    }

    private static Object oneByOne(Call call) {
        WriteReceipt last = null;
        List<MutationResult> results = new ArrayList<>();
        if (call.batch().mutations().size() == 1) {
            return call.receipt();
        }
        for (Mutation mutation : call.batch().mutations()) {
            last = call.with(WriteBatch.class, WriteBatch.of(call.batch().namespace(), List.of(mutation)))
                    .receipt();
            results.addAll(last.results());
        }
        return new WriteReceipt(call.batch().operationId(), results, last.token(), last.committedAt());
    }

    private static Object halfKept(Call call) {
        try {
            return call.receipt();
        } catch (ContextException failed) {
            try {
                oneByOne(call);
            } catch (ContextException again) {
                // What stood before it is kept.
            }
            throw failed;
        }
    }

    private static Object byKind(Call call) {
        List<Mutation> mutations = call.batch().mutations();
        List<Integer> order = IntStream.range(0, mutations.size())
                .boxed()
                .sorted(Comparator.comparing(i -> mutations.get(i).getClass().getName()))
                .toList();
        WriteBatch sorted = new WriteBatch(
                call.batch().namespace(),
                call.batch().operationId(),
                order.stream().map(mutations::get).toList());
        WriteReceipt receipt = call.with(WriteBatch.class, sorted).receipt();
        List<MutationResult> results = new ArrayList<>(receipt.results());
        for (int i = 0; i < results.size(); i++) {
            results.set(order.get(i), receipt.results().get(i));
        }
        return new WriteReceipt(receipt.operationId(), results, receipt.token(), receipt.committedAt());
    }

    private static Object pretended(Call call) {
        List<MutationResult> results = call.batch().mutations().stream()
                .<MutationResult>map(mutation -> new MutationResult.Written(1))
                .toList();
        return new WriteReceipt(call.batch().operationId(), results, CommitToken.NONE, Instant.now());
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
                        in("apply", BatchDefects::judgedBefore)),
                of(
                        "edge-ends-judged-before-the-condition",
                        "The end points of an edge are checked before its condition.",
                        "G5",
                        in("apply", BatchDefects::endsFirst)),
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

    private static List<Defect> operationIds() {
        return List.of(
                of(
                        "operation-id-ignored",
                        "A repeated operation is applied again.",
                        "G6",
                        in("apply", call -> BatchDefects.applied(call, UUID.randomUUID()))),
                remembering("operation-id-results-lost", "The receipt of a repeat has no results.", "G6", () -> {
                    Set<UUID> seen = ConcurrentHashMap.newKeySet();
                    return in("apply", call -> {
                        WriteReceipt first = call.receipt();
                        return seen.add(first.operationId())
                                ? first
                                : new WriteReceipt(
                                        first.operationId(),
                                        first.results().stream()
                                                .<MutationResult>map(result -> new MutationResult.Done())
                                                .toList(),
                                        first.token(),
                                        first.committedAt());
                    });
                }),
                remembering(
                        "operation-id-answered-with-the-present",
                        "The receipt of a repeat has the token and time of now.",
                        "G6",
                        () -> {
                            Set<UUID> seen = ConcurrentHashMap.newKeySet();
                            return in("apply", call -> {
                                WriteReceipt first = call.receipt();
                                if (seen.add(first.operationId())) {
                                    return first;
                                }
                                WriteReceipt now = call.with(
                                                WriteBatch.class,
                                                WriteBatch.of(call.batch().namespace(), Fault.NOTHING))
                                        .receipt();
                                return new WriteReceipt(
                                        first.operationId(), first.results(), now.token(), now.committedAt());
                            });
                        }),
                of(
                        "operation-id-reuse-accepted",
                        "The operation id of another batch is accepted as a new one.",
                        "G6",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.code() == ErrorCode.OPERATION_ID_REUSED,
                                call -> BatchDefects.applied(call, UUID.randomUUID()))),
                remembering(
                        "operation-id-reuse-answered",
                        "The operation id of another batch returns that one's receipt.",
                        "G6",
                        () -> {
                            Map<UUID, WriteReceipt> receipts = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                WriteReceipt known = receipts.get(call.batch().operationId());
                                if (known == null) {
                                    known = call.receipt();
                                    receipts.put(known.operationId(), known);
                                }
                                return known;
                            });
                        }),
                remembering(
                        "operation-id-checked-without-lock",
                        "Whether an operation was applied is looked up before, not within, the commit.",
                        "G6",
                        () -> {
                            Map<UUID, WriteReceipt> receipts = new ConcurrentHashMap<>();
                            Map<UUID, Bytes> digests = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                UUID id = call.batch().operationId();
                                WriteReceipt known = receipts.get(id);
                                if (known != null) {
                                    if (!call.batch().digest().equals(digests.get(id))) {
                                        throw new InvalidRequestException(
                                                ErrorCode.OPERATION_ID_REUSED, "operationId", "was used");
                                    }
                                    return known;
                                }
                                WriteReceipt receipt = applied(call.late(), UUID.randomUUID());
                                digests.put(id, call.batch().digest());
                                receipts.put(id, receipt);
                                return receipt;
                            });
                        }));
    }

    private static WriteReceipt applied(Call call, UUID operationId) {
        WriteBatch batch = call.batch();
        WriteReceipt receipt = call.with(
                        WriteBatch.class, new WriteBatch(batch.namespace(), operationId, batch.mutations()))
                .receipt();
        return new WriteReceipt(batch.operationId(), receipt.results(), receipt.token(), receipt.committedAt());
    }

    private static List<Defect> tokens() {
        return List.of(
                of(
                        "token-constant",
                        "Every receipt has the same token.",
                        "G7",
                        Fault.seen("apply", CommitToken.class, token -> new CommitToken(0, 1, 0))),
                of(
                        "token-of-another-store-accepted",
                        "A token beyond the last commit is ignored.",
                        "G7",
                        Fault.asked(CommitToken.class, token -> CommitToken.NONE)),
                remembering(
                        "first-read-after-a-write-is-stale",
                        "The first read of a key after a write comes from a replica that lags.",
                        "G7",
                        () -> {
                            Map<String, List<KeyEntry>> replica = new ConcurrentHashMap<>();
                            return call -> {
                                if (!call.is("keys.get")) {
                                    return call.proceed();
                                }
                                List<KeyEntry> now = call.list();
                                List<KeyEntry> lagging = replica.put(
                                        call.scope().namespace() + " " + call.argument(java.util.Collection.class),
                                        now);
                                return lagging == null ? now : lagging;
                            };
                        }));
    }
}
