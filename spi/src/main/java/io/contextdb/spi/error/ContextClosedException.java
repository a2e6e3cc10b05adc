package io.contextdb.spi.error;

/** The connection, or the backend behind it, was closed (contract G11). */
public final class ContextClosedException extends ContextNonTransientException {
    private static final long serialVersionUID = 1L;

    /** Creates the error for what was closed, for example {@code "connection"}. */
    public ContextClosedException(String what) {
        super(ErrorCode.CLOSED, what + " is closed", null);
    }
}
