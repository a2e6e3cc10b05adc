package io.contextdb.backend.memory;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The receipts of the last 7 days by operation id (contract G6). Guarded by the namespace's lock. */
final class OperationLog {
    static final Duration KEPT = Duration.ofDays(7);

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

    /** Forgets the content of events that receipts hold, when all events are dropped; the rest is numbers, ids and positions. */
    void dropEvents() {
        byId.replaceAll((id, remembered) ->
                new Remembered(remembered.digest(), EventState.EMPTY.current(remembered.receipt())));
    }

    void forgetBefore(Instant now) {
        Instant oldest = now.minus(KEPT);
        Iterator<Remembered> eldest = byId.values().iterator();
        while (eldest.hasNext() && eldest.next().receipt().committedAt().isBefore(oldest)) {
            eldest.remove();
        }
    }
}
