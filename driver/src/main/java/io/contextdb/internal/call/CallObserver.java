package io.contextdb.internal.call;

import java.util.function.Supplier;

/** Sees each call from outside: metrics and traces. */
@FunctionalInterface
public interface CallObserver {
    /** Sees nothing. */
    CallObserver NONE = new CallObserver() {
        @Override
        public <T> T observe(String operation, String scheme, Supplier<T> call) {
            return call.get();
        }
    };

    /** Runs a call and returns what it returns. */
    <T> T observe(String operation, String scheme, Supplier<T> call);
}
