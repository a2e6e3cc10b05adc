package io.contextdb.backend.memory;

import io.contextdb.spi.write.Condition;
import java.time.Instant;

/**
 * Where a mutation stands.
 *
 * @param commit number of the commit
 * @param time its time
 * @param millis the clock in milliseconds
 * @param index place in the batch
 * @param decided whether the batch was judged before, so that no condition may fail it now
 */
record Step(long commit, Instant time, long millis, int index, boolean decided) {
    /** Returns whether the condition holds; false if the mutation is to be left out, an error if the batch is to fail. */
    boolean admits(Condition condition, long current, String entity) {
        boolean judgedBefore = decided && condition.otherwise() == Condition.Otherwise.FAIL;
        return judgedBefore || condition.admits(index, current, entity);
    }
}
