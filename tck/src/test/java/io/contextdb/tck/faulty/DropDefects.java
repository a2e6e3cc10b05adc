package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Mistakes that let something late bring a dropped namespace back. */
final class DropDefects {
    private DropDefects() {}

    static List<Defect> all() {
        return List.of(
                remembering(
                        "drop-forgets-operations",
                        "A batch that is repeated after its namespace was dropped is applied anew.",
                        "G6",
                        () -> afterDrops(DropDefects::underAnotherId)),
                remembering(
                        "drop-forgets-tombstones",
                        "A node that was erased before its namespace was dropped can be written after that.",
                        "N6",
                        () -> afterDrops((call, drops) ->
                                pretending(call, GraphMutation.PutNode.class, InvalidRequestException.class))),
                remembering(
                        "versions-match-over-drops",
                        "A condition on a version of a key holds that the key had before its namespace was dropped.",
                        "G8",
                        () -> afterDrops((call, drops) ->
                                pretending(call, KeyMutation.PutKey.class, PreconditionFailedException.class))),
                of(
                        "repeated-drop-drops-again",
                        "A drop that is repeated removes what was written since.",
                        "G6",
                        in(
                                "namespaces.drop",
                                NamespaceDrop.class,
                                call -> call.with(NamespaceDrop.class, NamespaceDrop.of(dropped(call)))
                                        .proceed())));
    }

    /** Returns the namespace that a call drops, under an operation id or without one. */
    static NamespaceName dropped(Call call) {
        return call.has(NamespaceDrop.class)
                ? call.argument(NamespaceDrop.class).namespace()
                : call.argument(NamespaceName.class);
    }

    /** Something goes wrong in the writes to a namespace that was dropped so many times. */
    @FunctionalInterface
    private interface Late {
        @Nullable
        Object answer(Call call, int drops);
    }

    private static Fault afterDrops(Late late) {
        Map<NamespaceName, Integer> times = new ConcurrentHashMap<>();
        return call -> {
            if (call.is("namespaces.drop")) {
                Object answer = call.proceed();
                times.merge(dropped(call), 1, Integer::sum);
                return answer;
            }
            int drops = call.is("apply") ? times.getOrDefault(call.batch().namespace(), 0) : 0;
            return drops == 0 ? call.proceed() : late.answer(call, drops);
        };
    }

    private static WriteReceipt underAnotherId(Call call, int drops) {
        WriteBatch batch = call.batch();
        UUID other = UUID.nameUUIDFromBytes((batch.operationId() + " " + drops).getBytes(StandardCharsets.UTF_8));
        WriteReceipt receipt = call.with(WriteBatch.class, new WriteBatch(batch.namespace(), other, batch.mutations()))
                .receipt();
        return new WriteReceipt(batch.operationId(), receipt.results(), receipt.token(), receipt.committedAt());
    }

    private static Object pretending(Call call, Class<?> mutation, Class<? extends RuntimeException> refused) {
        try {
            return call.receipt();
        } catch (RuntimeException failed) {
            boolean concerned = call.batch().mutations().stream().allMatch(mutation::isInstance);
            if (concerned && refused.isInstance(failed)) {
                return call.pretended(new MutationResult.Written(1));
            }
            throw failed;
        }
    }
}
