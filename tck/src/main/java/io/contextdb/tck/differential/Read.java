package io.contextdb.tck.differential;

import java.util.function.Function;

/**
 * A read whose answers must be equal.
 *
 * @param text its Java expression, to follow the namespace
 * @param call reads, and shows what was read
 */
record Read(Function<Side, String> text, Function<Side, Object> call) implements Action {
    @Override
    public Object run(Side side) {
        return call.apply(side);
    }

    @Override
    public String java(Side side) {
        return side.variable() + "." + text.apply(side) + ";";
    }
}
