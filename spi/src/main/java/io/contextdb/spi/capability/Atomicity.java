package io.contextdb.spi.capability;

/** How much is applied all or nothing (contract G0). */
public enum Atomicity {
    /** Whole batches. */
    BATCH,
    /** Single mutations; batches of several are refused. */
    ENTITY
}
