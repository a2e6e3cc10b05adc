package io.contextdb.backend.memory;

import io.contextdb.spi.write.Condition;
import java.time.Instant;

/** Where a mutation stands: in which commit, when, and at which place of its batch. */
record Step(long commit, Instant time, long millis, int index) {
    /** Returns whether the condition holds; false if the mutation is to be left out, an error if the batch is to fail. */
    boolean admits(Condition condition, long current, String entity) {
        return condition.admits(index, current, entity);
    }
}
