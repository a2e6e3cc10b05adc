package io.contextdb.spi.error;

import org.jspecify.annotations.Nullable;

/** Credentials were refused, a right is missing, or a directory is held by another process. */
public final class AccessDeniedException extends ContextNonTransientException {
    private static final long serialVersionUID = 1L;

    /** Creates the error. */
    public AccessDeniedException(String message, @Nullable Throwable cause) {
        super(ErrorCode.ACCESS_DENIED, message, cause);
    }
}
