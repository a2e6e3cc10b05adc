package io.contextdb.spi.error;

import org.jspecify.annotations.Nullable;

/** An error that a repeat of the same call cannot cure. Nothing was applied. */
public abstract sealed class ContextNonTransientException extends ContextException
        permits InvalidRequestException,
                UnsupportedCapabilityException,
                PreconditionFailedException,
                AccessDeniedException,
                CorruptDataException,
                ContextClosedException {
    private static final long serialVersionUID = 1L;

    ContextNonTransientException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, Outcome.NOT_APPLIED, message, cause);
    }
}
