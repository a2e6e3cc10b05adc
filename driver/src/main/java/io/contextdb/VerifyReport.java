package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.IntegrityReport;
import java.util.Map;

/**
 * What {@link ContextConnection#verify} found: in each store that can look at all that it keeps, and in each copy that a store keeps
 * of another. Immutable.
 *
 * @param copies what was found in copies, by the option of the URL that names the copy; empty if the URL names none
 * @param stores what was found in stores, by the option of the URL that names the store, that of a single store by the scheme of its
 *     URL; without stores that leave such checks to their server
 */
public record VerifyReport(Map<String, CopyReport> copies, Map<String, IntegrityReport> stores) {
    /** Copies. */
    public VerifyReport {
        copies = Arguments.named("copies", copies);
        stores = Arguments.named("stores", stores);
    }

    /** Returns whether nothing is damaged and no copy differs. */
    public boolean isSound() {
        return copies.values().stream().allMatch(copy -> copy.differences() == 0)
                && stores.values().stream().allMatch(IntegrityReport::isSound);
    }
}
