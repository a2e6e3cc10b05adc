package io.contextdb.backend.memory;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The receipts of the last 7 days by operation id (contract G6). Guarded by the namespace's lock. */
final class OperationLog {
    private static final Duration KEPT = Duration.ofDays(7);

    private record Remembered(Bytes digest, WriteReceipt receipt) {}

    /** In the order of their commits, so that the oldest come first. */
    private final Map<UUID, Remembered> byId = new LinkedHashMap<>();

    @Nullable
    WriteReceipt find(UUID operationId, Bytes digest) {
        Remembered remembered = byId.get(operationId);
        if (remembered != null && !remembered.digest().equals(digest)) {
            throw new InvalidRequestException(
                    ErrorCode.OPERATION_ID_REUSED, "operationId", operationId + " was used for another batch");
        }
        return remembered == null ? null : remembered.receipt();
    }

    void remember(Bytes digest, WriteReceipt receipt) {
        byId.put(receipt.operationId(), new Remembered(digest, receipt));
    }

    /** Takes the content of events about erased nodes out of the receipts of those who claimed them (contract N6). */
    void erase(Collection<UUID> nodes) {
        Set<String> subjects = nodes.stream().map(UUID::toString).collect(Collectors.toSet());
        byId.replaceAll(
                (id, remembered) -> new Remembered(remembered.digest(), erased(remembered.receipt(), subjects)));
    }

    private static WriteReceipt erased(WriteReceipt receipt, Set<String> subjects) {
        if (receipt.results().stream().noneMatch(MutationResult.Claimed.class::isInstance)) {
            return receipt;
        }
        List<MutationResult> results = receipt.results().stream()
                .map(result -> result instanceof MutationResult.Claimed claimed ? erased(claimed, subjects) : result)
                .toList();
        return new WriteReceipt(receipt.operationId(), results, receipt.token(), receipt.committedAt());
    }

    private static MutationResult erased(MutationResult.Claimed claimed, Set<String> subjects) {
        return new MutationResult.Claimed(claimed.deliveries().stream()
                .map(delivery -> subjects.contains(delivery.event().subject())
                        ? new Delivery(delivery.event().erased(), delivery.attempt(), delivery.visibleAgainAt())
                        : delivery)
                .toList());
    }

    void forgetBefore(Instant now) {
        Instant oldest = now.minus(KEPT);
        Iterator<Remembered> eldest = byId.values().iterator();
        while (eldest.hasNext() && eldest.next().receipt().committedAt().isBefore(oldest)) {
            eldest.remove();
        }
    }
}
