package io.contextdb.internal.scaled;

/** What happens to writes of points while a copy is too far behind. */
public enum Overload {
    /** They wait a little each, so that the copy catches up. */
    SLOW,
    /** They are refused as throttled. */
    REJECT,
    /** Nothing; the journal grows. */
    IGNORE
}
