package io.contextdb.internal.scaled;

/** When a write returns. */
public enum Acknowledgement {
    /** Once the source has committed it: searches see it, whatever the copies have. */
    SOURCE,
    /** Once the copies have it too, or the deadline passes, which is told by an error of unknown outcome. */
    APPLIED,
    /** Once a synchronous standby of the source shows it; the source sees to it. */
    REPLICATED
}
