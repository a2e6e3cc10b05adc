package io.contextdb.spi.error;

import org.jspecify.annotations.Nullable;

/** Two writers collided in a way that a repeat resolves. */
public final class ContextConflictException extends ContextTransientException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; {@code outcome} says whether a write may have been applied. */
    public ContextConflictException(String message, Outcome outcome, @Nullable Throwable cause) {
        super(ErrorCode.CONFLICT, outcome, message, cause);
    }

    /** Creates the error for a call of which nothing was applied. */
    public ContextConflictException(String message) {
        this(message, Outcome.NOT_APPLIED, null);
    }
}
