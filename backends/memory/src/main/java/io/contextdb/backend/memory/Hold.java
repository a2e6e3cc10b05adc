package io.contextdb.backend.memory;

import io.contextdb.spi.error.ContextHeldException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What keeps everyone out of a namespace: a batch that another store decides (contract S6).
 *
 * @param operationId the batch
 * @param digest of the batch
 * @param since reading of the monotonic clock when it began
 */
record Hold(UUID operationId, Bytes digest, long since) {
    /** Refuses to go on while there is a hold. */
    static void check(@Nullable Hold hold) {
        if (hold != null) {
            throw new ContextHeldException(hold.operationId, Duration.ofNanos(System.nanoTime() - hold.since));
        }
    }

    /** Returns whether it is for an operation; refuses another batch under the same id. */
    boolean isFor(UUID operation, Bytes itsDigest) {
        if (operationId.equals(operation) && !digest.equals(itsDigest)) {
            throw new InvalidRequestException(
                    ErrorCode.OPERATION_ID_REUSED, "operationId", operation + " was used for another batch");
        }
        return operationId.equals(operation);
    }
}
