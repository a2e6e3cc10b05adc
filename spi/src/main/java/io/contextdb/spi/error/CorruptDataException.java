package io.contextdb.spi.error;

import org.jspecify.annotations.Nullable;

/** Stored data fails its own checks, or was written by a newer format than this version reads. */
public final class CorruptDataException extends ContextNonTransientException {
    private static final long serialVersionUID = 1L;

    /** Creates the error. */
    public CorruptDataException(String message, @Nullable Throwable cause) {
        super(ErrorCode.CORRUPT, message, cause);
    }
}
