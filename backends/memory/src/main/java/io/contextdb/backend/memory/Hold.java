package io.contextdb.backend.memory;

import io.contextdb.spi.error.ContextHeldException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What keeps everyone out of a namespace: a batch that another store decides (contract S6).
 *
 * @param operationId the batch
 * @param since reading of the monotonic clock when it began
 */
record Hold(UUID operationId, long since) {
    /** Refuses to go on while there is a hold. */
    static void check(@Nullable Hold hold) {
        if (hold != null) {
            throw new ContextHeldException(hold.operationId, Duration.ofNanos(System.nanoTime() - hold.since));
        }
    }
}
