package io.contextdb.backend.postgresql;

import java.time.Instant;

/**
 * One mutation of a batch as it is applied.
 *
 * @param index its position in the batch, from 0
 * @param commit number of the batch's commit
 * @param time transaction time of the batch, in microseconds
 */
record Step(int index, long commit, long time) {
    Instant instant() {
        return Columns.instant(time);
    }
}
