package io.contextdb.tck.differential;

import java.util.function.Function;

/**
 * A value that each store has its own of, and that a script can therefore only name: the instant of a commit, a version, the
 * position of an event.
 *
 * @param <T> type of the value
 */
interface Symbol<T> {
    /** Returns the value on a side. */
    T on(Side side);

    /** Returns the Java expression for it, in a script that has come as far as the side has. */
    String java(Side side);

    /** Returns a value that is the same everywhere. */
    static <T> Symbol<T> constant(T value) {
        return of(side -> value, side -> JavaText.of(value));
    }

    static <T> Symbol<T> of(Function<Side, T> value, Function<Side, String> java) {
        return new Symbol<>() {
            @Override
            public T on(Side side) {
                return value.apply(side);
            }

            @Override
            public String java(Side side) {
                return java.apply(side);
            }
        };
    }
}
