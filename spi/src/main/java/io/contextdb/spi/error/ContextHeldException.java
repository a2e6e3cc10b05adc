package io.contextdb.spi.error;

import java.time.Duration;
import java.util.UUID;

/**
 * The namespace is held for a batch that another store decides; nothing was read or applied. Meant for the driver, which finds
 * out what became of the batch (contract S6); an application that uses the store alone may repeat the call.
 */
public final class ContextHeldException extends ContextTransientException {
    private static final long serialVersionUID = 1L;

    private final UUID operationId;
    private final Duration since;

    /**
     * Creates the error.
     *
     * @param operationId the batch for which it is held
     * @param since for how long, by the store's clock
     */
    public ContextHeldException(UUID operationId, Duration since) {
        super(
                ErrorCode.CONFLICT,
                Outcome.NOT_APPLIED,
                "the namespace has been held for " + since.toMillis() + " ms, for batch " + operationId
                        + " of which another store decides; try again",
                null);
        this.operationId = operationId;
        this.since = since;
    }

    /** Returns the batch for which the namespace is held. */
    public UUID operationId() {
        return operationId;
    }

    /** Returns for how long it has been held. */
    public Duration since() {
        return since;
    }
}
