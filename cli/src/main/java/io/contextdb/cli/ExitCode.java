package io.contextdb.cli;

import io.contextdb.spi.error.ContextException;

/** What the command ends with; scripts rely on it. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** It failed, or not all of it could be done. */
    public static final int ERROR = 1;
    /** The command line or a setting is wrong. */
    public static final int USAGE = 2;
    /** Nothing was found. */
    public static final int NOTHING_FOUND = 3;
    /** The store cannot be reached or used at present: it is down, refuses us, or another process holds it. */
    public static final int UNAVAILABLE = 4;
    /** A store does not do what the contract says. */
    public static final int NOT_CONFORMING = 5;
    /** The user ended it, as shells count it: 128 and the number of SIGINT. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}

    /** Returns the code of a failure. */
    static int of(Throwable failure) {
        if (!(failure instanceof ContextException known)) {
            return ERROR;
        }
        return switch (known.code()) {
            case UNAVAILABLE, TIMEOUT, THROTTLED, ACCESS_DENIED -> UNAVAILABLE;
            case NOT_FOUND -> NOTHING_FOUND;
            case INVALID_REQUEST -> USAGE;
            case UNSUPPORTED_CAPABILITY,
                    LIMIT_EXCEEDED,
                    PRECONDITION_FAILED,
                    OPERATION_ID_REUSED,
                    CORRUPT,
                    CLOSED,
                    CONFLICT -> ERROR;
        };
    }
}
