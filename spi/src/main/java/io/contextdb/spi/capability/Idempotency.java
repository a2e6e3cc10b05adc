package io.contextdb.spi.capability;

/** Why a repeated batch does no harm (contract G0). */
public enum Idempotency {
    /** The store remembers operation ids for 7 days and returns the first receipt (G6). */
    OPERATION_ID,
    /** Only mutations that may be repeated by their nature are safe to repeat; the driver repeats no others. */
    NATURAL
}
