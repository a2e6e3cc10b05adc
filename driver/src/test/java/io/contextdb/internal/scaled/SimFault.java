package io.contextdb.internal.scaled;

/** What goes wrong in a schedule beside lost requests and answers, killed and paused processes, and what arrives twice. */
enum SimFault {
    /** The copy crashes and loses its last writes. */
    COPY_CRASHES,
    /** The home crashes and loses its last writes. */
    HOME_CRASHES,
    /** The source crashes; numbers of transactions that were open are given again. */
    SOURCE_CRASHES,
    /** The source fails over to a standby that lacks its last commits. */
    FAILS_OVER,
    /** All processes are away for so long that the journal forgets entries which the copy has not seen. */
    ALL_AWAY
}
