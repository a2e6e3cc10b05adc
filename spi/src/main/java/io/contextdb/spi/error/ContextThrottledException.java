package io.contextdb.spi.error;

import org.jspecify.annotations.Nullable;

/** The store or the driver refuses load at present; slow down. */
public final class ContextThrottledException extends ContextTransientException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; {@code outcome} says whether a write may have been applied. */
    public ContextThrottledException(String message, Outcome outcome, @Nullable Throwable cause) {
        super(ErrorCode.THROTTLED, outcome, message, cause);
    }

    /** Creates the error for a call of which nothing was applied. */
    public ContextThrottledException(String message) {
        this(message, Outcome.NOT_APPLIED, null);
    }
}
