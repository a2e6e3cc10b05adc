package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import java.util.List;
import java.util.UUID;

/**
 * What a retraction did, or would do.
 *
 * @param retracted memories that are retracted, the one asked for first
 * @param lowered memories that lost part of their support: lowered in confidence, and flagged
 * @param applied whether it was done
 */
public record RetractionReport(List<UUID> retracted, List<UUID> lowered, boolean applied) {
    /** Copies. */
    public RetractionReport {
        retracted = Arguments.copy("retracted", retracted);
        lowered = Arguments.copy("lowered", lowered);
    }
}
