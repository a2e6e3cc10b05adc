package io.contextdb.memory;

/** What became of a draft (contract M2). */
public enum Decision {
    /** It is a new memory. */
    ADDED,
    /** It is one that was there, stated by another source, which raised its confidence. */
    CONFIRMED,
    /** It is one that was there, stated by the same source again. */
    REFRESHED,
    /** Its source is not believed at all. */
    REJECTED_SOURCE,
    /** It says too little that is new. */
    REJECTED_NOVELTY
}
