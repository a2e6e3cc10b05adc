package io.contextdb.tck.concurrency;

import java.util.Optional;
import java.util.function.Function;

/**
 * A call of a history.
 *
 * @param begin when it was made, in nanoseconds
 * @param end when it was answered; {@link Long#MAX_VALUE} if it is not known whether it had an effect
 * @param text what was asked and answered
 * @param effect the state after it, if its answer is right in the state before it
 * @param <S> type of the state
 */
record Call<S>(long begin, long end, String text, Function<S, Optional<S>> effect) {
    /** Returns whether it must have had an effect. */
    boolean isCertain() {
        return end != Long.MAX_VALUE;
    }
}
