package io.contextdb.spi.error;

import org.jspecify.annotations.Nullable;

/** The deadline of the call passed before the store answered. */
public final class ContextTimeoutException extends ContextTransientException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; {@code outcome} says whether a write may have been applied. */
    public ContextTimeoutException(String message, Outcome outcome, @Nullable Throwable cause) {
        super(ErrorCode.TIMEOUT, outcome, message, cause);
    }

    /** Creates the error for a call of which nothing was applied. */
    public ContextTimeoutException(String message) {
        this(message, Outcome.NOT_APPLIED, null);
    }
}
