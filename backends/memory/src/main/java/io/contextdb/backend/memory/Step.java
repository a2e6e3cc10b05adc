package io.contextdb.backend.memory;

import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.write.Condition;
import java.time.Instant;

/** Where a mutation stands: in which commit, when, and at which place of its batch. */
record Step(long commit, Instant time, long millis, int index) {
    /** Returns whether the condition holds; false if the mutation is to be left out, an error if the batch is to fail. */
    boolean admits(Condition condition, long current, String entity) {
        if (condition.holds(current)) {
            return true;
        }
        if (condition.otherwise() == Condition.Otherwise.SKIP) {
            return false;
        }
        String expected = condition.kind() == Condition.Kind.ABSENT ? "absent" : "at version " + condition.version();
        throw new PreconditionFailedException(
                index,
                entity + " must be " + expected + ", is " + (current == 0 ? "absent" : "at version " + current),
                current,
                null);
    }
}
