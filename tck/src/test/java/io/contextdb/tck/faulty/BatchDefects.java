package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.quiet;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Mistakes with whole batches: atomicity, operation ids, tokens. */
final class BatchDefects {
    private BatchDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(atomicity());
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
                remembering(
                        "concurrent-batches-lost",
                        "A batch that comes while another is applied is lost.",
                        "G13",
                        () -> {
                            AtomicInteger running = new AtomicInteger();
                            return in("apply", call -> {
                                try {
                                    return running.incrementAndGet() == 1
                                            ? call.late().receipt()
                                            : call.pretended(new MutationResult.Written(1));
                                } finally {
                                    running.decrementAndGet();
                                }
                            });
                        }),
                of(
                        "late-failure-kept-quiet",
                        "A condition that fails in a batch of several mutations is logged, and the batch is reported as applied.",
                        "G5",
                        quiet(
                                "apply",
                                PreconditionFailedException.class,
                                failed -> true,
                                call -> call.pretended(new MutationResult.Written(1)))));
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
