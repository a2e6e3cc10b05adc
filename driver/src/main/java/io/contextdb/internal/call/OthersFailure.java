package io.contextdb.internal.call;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextConflictException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextHeldException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of work that another thread did for several callers, as an exception of one of them. Each gets its own, of the
 * same kind and with the failure as its cause: a shared one would have the stack and the suppressed exceptions of strangers.
 */
final class OthersFailure {
    private OthersFailure() {}

    /** Returns the exception to throw; a failure that is not contextdb's becomes a {@link CompletionException}. */
    static RuntimeException of(String what, @Nullable Throwable failed) {
        if (!(failed instanceof ContextException known)) {
            return new CompletionException(what + " by another caller failed: " + failed, failed);
        }
        String message = what + " by another caller failed: " + known.getMessage();
        return switch (known) {
            case ContextConflictException e -> new ContextConflictException(message, e.outcome(), e);
            case ContextThrottledException e -> new ContextThrottledException(message, e.outcome(), e);
            case ContextTimeoutException e -> new ContextTimeoutException(message, e.outcome(), e);
            case ContextUnavailableException e -> new ContextUnavailableException(message, e.outcome(), e);
            case ContextHeldException e -> new ContextUnavailableException(message, e.outcome(), e);
            case AccessDeniedException e -> new AccessDeniedException(message, e);
            case CorruptDataException e -> new CorruptDataException(message, e);
            case InvalidRequestException e -> caused(new InvalidRequestException(e.code(), e.field(), message), e);
            case UnsupportedCapabilityException e ->
                caused(new UnsupportedCapabilityException(e.capability(), what + " by another caller: the store"), e);
            case PreconditionFailedException e ->
                caused(
                        new PreconditionFailedException(
                                e.mutationIndex(),
                                message,
                                e.currentVersion(),
                                e.existingId().orElse(null)),
                        e);
            case ContextClosedException e -> caused(new ContextClosedException(what + " by another caller"), e);
        };
    }

    private static ContextException caused(ContextException own, ContextException cause) {
        own.initCause(cause);
        return own;
    }
}
