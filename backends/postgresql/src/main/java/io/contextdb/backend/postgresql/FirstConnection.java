package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The first connection of a store, made without the pool, which would try again and again until its time is over, whatever the cause:
 * who opens a store learns at once what is wrong, and what no retry mends is no transient error.
 */
final class FirstConnection {
    private FirstConnection() {}

    /** Makes it and ends it. */
    static void make(Connections connections) {
        if (connections.isLent()) {
            return;
        }
        try {
            connections.apart().close();
        } catch (SQLException failed) {
            throw of(failed);
        }
    }

    static ContextException of(SQLException failed) {
        ContextException why = PostgresErrors.of(failed, Outcome.NOT_APPLIED);
        UnknownHostException host = cause(failed, UnknownHostException.class);
        if (host != null) {
            return new InvalidRequestException("url", "names a host that is not known: " + why.getMessage());
        }
        if (cause(failed, SSLException.class) != null || cause(failed, GeneralSecurityException.class) != null) {
            return new AccessDeniedException(
                    "the connection cannot be encrypted, or the server's certificate is not accepted (sslmode, jdbc.sslrootcert): "
                            + why.getMessage(),
                    failed);
        }
        return why;
    }

    private static <E extends Throwable> @Nullable E cause(Throwable failed, Class<E> kind) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return kind.cast(cause);
            }
        }
        return null;
    }
}
