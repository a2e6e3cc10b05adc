package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.Remains;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Whether an erasure has reached every store of a connection (contract N6a), as each of them answered when it was asked. What is
 * outside the reach of the stores' own reads, such as backups and logs that are kept, it does not tell. Immutable.
 *
 * @param stores what was found, by the option of the URL that names the store; that of a single store by the scheme of its URL
 */
public record ErasureReport(Map<String, Finding> stores) {
    /**
     * What was found in a store.
     *
     * @param checkedAt when, by the clock of this process
     * @param remains what the store looked for, and how much of it is left; nothing if it could not be asked
     * @param pending why it is not done yet; empty if it is
     */
    public record Finding(Instant checkedAt, Remains remains, List<String> pending) {
        /** Copies. */
        public Finding {
            Arguments.required("checkedAt", checkedAt);
            Arguments.required("remains", remains);
            pending = Arguments.all("pending", pending);
        }

        /** Returns whether nothing is left there. */
        public boolean isDone() {
            return pending.isEmpty();
        }
    }

    /** Copies. */
    public ErasureReport {
        stores = Arguments.named("stores", stores);
    }

    /** Returns whether nothing is left in any of the stores, each of which has answered. */
    public boolean isDone() {
        return stores.values().stream().allMatch(Finding::isDone);
    }
}
