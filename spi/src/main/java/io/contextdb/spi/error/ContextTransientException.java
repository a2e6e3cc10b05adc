package io.contextdb.spi.error;

import org.jspecify.annotations.Nullable;

/** An error that may go away by itself: the same call, with the same operation id, may be repeated. */
public abstract sealed class ContextTransientException extends ContextException
        permits ContextUnavailableException,
                ContextTimeoutException,
                ContextThrottledException,
                ContextConflictException,
                ContextHeldException {
    private static final long serialVersionUID = 1L;

    ContextTransientException(ErrorCode code, Outcome outcome, String message, @Nullable Throwable cause) {
        super(code, outcome, message, cause);
    }
}
