package io.contextdb.spi.error;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Root of every error that contextdb throws. The message is a sentence that names the field or part, the problem, the
 * rule and what to do; secrets never appear in it.
 *
 * <p>The location (URL without secrets, namespace) is added by the driver on the way out, once, as
 * {@link Throwable#initCause} does for causes. Thread-safe.
 */
public abstract sealed class ContextException extends RuntimeException
        permits ContextTransientException, ContextNonTransientException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final Outcome outcome;
    private volatile @Nullable String url;
    private volatile @Nullable String namespace;

    ContextException(ErrorCode code, Outcome outcome, String message, @Nullable Throwable cause) {
        super(message);
        if (cause != null) {
            initCause(cause);
        }
        this.code = code;
        this.outcome = outcome;
    }

    /** Returns the stable reason. */
    public final ErrorCode code() {
        return code;
    }

    /** Returns what is known about the write that failed; {@link Outcome#NOT_APPLIED} for reads. */
    public final Outcome outcome() {
        return outcome;
    }

    /**
     * Returns whether the same call, with the same operation id, may succeed later and does no harm when repeated. Every
     * write has an operation id, so this is a matter of the error's kind alone.
     */
    public final boolean retrySafe() {
        return this instanceof ContextTransientException;
    }

    /** Returns the connection's URL with its secrets redacted, where the error passed through a connection. */
    public final Optional<String> url() {
        return Optional.ofNullable(url);
    }

    /** Returns the namespace of the failed call, where it had one. */
    public final Optional<String> namespace() {
        return Optional.ofNullable(namespace);
    }

    /** Adds where the error happened; what is already known stays. */
    public final void locate(String redactedUrl, @Nullable String inNamespace) {
        if (url == null) {
            url = redactedUrl;
        }
        if (namespace == null) {
            namespace = inNamespace;
        }
    }

    @Override
    public String getMessage() {
        String where = url == null ? "" : " [" + url + (namespace == null ? "" : ", namespace " + namespace) + "]";
        return super.getMessage() + where;
    }
}
