package io.contextdb.memory;

/** What the retraction of a memory does to those that were derived from it (contract M7a). */
public enum Cascade {
    /** Nothing. */
    NONE,
    /** Nothing either, but the report lists what {@link #APPLY} would do. */
    DRY_RUN,
    /** Those without other valid support are retracted, the others lowered and flagged. */
    APPLY
}
