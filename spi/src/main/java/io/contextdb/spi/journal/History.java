package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;

/**
 * Which store this is, and which course of its commits.
 *
 * @param source identity of the store, which stays: 1 to 256 bytes
 * @param line changes wherever commits may have been lost, by fail-over to another server or by restoring a backup: 1 to 256
 *     bytes
 */
public record History(String source, String line) {
    /** Checks the parts. */
    public History {
        Check.text("history.source", source, 1, 256);
        Check.text("history.line", line, 1, 256);
    }
}
