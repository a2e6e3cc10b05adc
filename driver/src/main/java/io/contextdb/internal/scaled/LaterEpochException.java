package io.contextdb.internal.scaled;

/**
 * A copy has states of a later epoch than the one that it is compared by: whoever compares was paused, or the source has lost the beginning of
 * that. Never leaves this package.
 */
final class LaterEpochException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long number;

    LaterEpochException(long number) {
        super("the copy has states of epoch " + number);
        this.number = number;
    }

    /** Returns the number of the later epoch. */
    long number() {
        return number;
    }
}
