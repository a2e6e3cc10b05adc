package io.contextdb.backend.postgresql;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What a store has done since it was opened, in numbers that health tells. Thread-safe. */
final class Figures {
    private final LongAdder batches = new LongAdder();
    private final LongAdder groups = new LongAdder();
    private final LongAccumulator largestGroup = new LongAccumulator(Math::max, 0);
    private final LongAdder splits = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder looks = new LongAdder();
    private final LongAdder notices = new LongAdder();

    /** Counts batches that are written in one transaction, or in one attempt at it. */
    void group(int size) {
        batches.add(size);
        groups.increment();
        largestGroup.accumulate(size);
    }

    /** Counts a group that failed and whose batches are tried one by one. */
    void split() {
        splits.increment();
    }

    /** Counts rows that reads returned. */
    void rows(long more) {
        rows.add(more);
    }

    /** Counts that somebody who waits for events looked for them. */
    void look() {
        looks.increment();
    }

    long looks() {
        return looks.sum();
    }

    /** Counts a notice of another process that was heard. */
    void notice() {
        notices.increment();
    }

    long notices() {
        return notices.sum();
    }

    /** Returns the figures by name, with those of the pool as they are now. */
    Map<String, String> details(Connections connections) {
        Map<String, String> details = new TreeMap<>();
        details.put("writes.batches", Long.toString(batches.sum()));
        details.put("writes.groups", Long.toString(groups.sum()));
        details.put("writes.largestGroup", Long.toString(largestGroup.get()));
        details.put("writes.splitGroups", Long.toString(splits.sum()));
        details.put("reads.rows", Long.toString(rows.sum()));
        details.put("events.looks", Long.toString(looks.sum()));
        details.put("events.notices", Long.toString(notices.sum()));
        details.put("pool.active", Integer.toString(connections.active()));
        details.put("pool.idle", Integer.toString(connections.idle()));
        details.put("pool.waiting", Integer.toString(connections.waiting()));
        return details;
    }
}
