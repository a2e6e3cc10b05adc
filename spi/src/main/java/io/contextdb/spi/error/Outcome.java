package io.contextdb.spi.error;

/** What is known about a write when its call fails. */
public enum Outcome {
    /** Nothing of it was applied. */
    NOT_APPLIED,
    /** It may or may not have been applied; applying the same operation id again finds out and is harmless. */
    UNKNOWN
}
