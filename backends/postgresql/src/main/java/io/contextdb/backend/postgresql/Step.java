package io.contextdb.backend.postgresql;

import java.time.Instant;

/**
 * One mutation of a batch as it is applied.
 *
 * @param index its position in the batch, from 0
 * @param commit number of the batch's commit
 * @param time transaction time of the batch, in microseconds
 * @param clock what the server's clock showed, in microseconds; before {@code time} if it was set back
 * @param entry takes what the journal is told of the batch
 */
record Step(int index, long commit, long time, long clock, JournalDraft entry) {
    Instant instant() {
        return Columns.instant(time);
    }
}
