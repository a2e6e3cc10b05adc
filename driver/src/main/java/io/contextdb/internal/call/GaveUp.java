package io.contextdb.internal.call;

import org.jspecify.annotations.Nullable;

/** Says that a load ended for a reason that concerns its caller only: it was interrupted, or its connection was closed. */
final class GaveUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GaveUp(@Nullable Throwable reason) {
        super(reason);
    }
}
