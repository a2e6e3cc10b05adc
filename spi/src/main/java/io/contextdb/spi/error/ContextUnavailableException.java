package io.contextdb.spi.error;

import org.jspecify.annotations.Nullable;

/** The store cannot be reached or used at present. */
public final class ContextUnavailableException extends ContextTransientException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; {@code outcome} says whether a write may have been applied. */
    public ContextUnavailableException(String message, Outcome outcome, @Nullable Throwable cause) {
        super(ErrorCode.UNAVAILABLE, outcome, message, cause);
    }

    /** Creates the error for a call of which nothing was applied. */
    public ContextUnavailableException(String message) {
        this(message, Outcome.NOT_APPLIED, null);
    }
}
