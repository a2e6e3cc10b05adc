package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import java.util.List;

/**
 * The answer of a retrieval.
 *
 * @param items the memories, best first, ties by id; with diversity, in the order of choice
 * @param legs how each leg went
 */
public record Recall(List<Recollection> items, List<LegReport> legs) {
    /** Copies. */
    public Recall {
        items = Arguments.copy("items", items);
        legs = Arguments.copy("legs", legs);
    }

    /** Returns whether a leg failed. */
    public boolean partial() {
        return legs.stream().anyMatch(leg -> leg.status() == LegReport.Status.FAILED);
    }
}
