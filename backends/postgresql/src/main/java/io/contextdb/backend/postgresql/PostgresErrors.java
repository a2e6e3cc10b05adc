package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextConflictException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;

/** What an error of PostgreSQL means to the caller, by its SQLSTATE. */
final class PostgresErrors {
    private PostgresErrors() {}

    static ContextException of(SQLException error, Outcome outcome) {
        // The pool wraps what the server said when it could not connect.
        if (error instanceof SQLTransientConnectionException && error.getCause() instanceof SQLException cause) {
            return of(cause, outcome);
        }
        String state = state(error);
        String message = "PostgreSQL: " + error.getMessage() + cause(error)
                + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")");
        return switch (state) {
            case "57014", "55P03", "25P03", "57P05" -> new ContextTimeoutException(message, outcome, error);
            case "40001", "40P01", "40003" -> new ContextConflictException(message, outcome, error);
            case "53300", "53400" -> new ContextThrottledException(message, outcome, error);
            case "42501", "28000", "28P01" -> new AccessDeniedException(message, error);
            case "3D000" -> new InvalidRequestException("url", "names a database that does not exist: " + message);
            case SessionSettings.REFUSED ->
                new InvalidRequestException("url", "leads to connections that are refused: " + message);
            case "54000", "54001", "54011", "54023", "22001", "22003", "22021", "22P05" ->
                new InvalidRequestException(ErrorCode.LIMIT_EXCEEDED, "request", "is refused by " + message);
            case "XX001", "XX002" -> new CorruptDataException(message, error);
            default -> new ContextUnavailableException(message, outcome, error);
        };
    }

    /** Returns what lies below an error, where its own message does not say it: "the connection attempt failed" is no help. */
    private static String cause(SQLException error) {
        Throwable below = error.getCause();
        if (below == null) {
            return String.valueOf(error.getMessage()).contains(PGProperty.TARGET_SERVER_TYPE.getName())
                    ? " (those that answer are standbys, or default_transaction_read_only is on for the server, database or user)"
                    : "";
        }
        while (below.getCause() != null) {
            below = below.getCause();
        }
        String detail = String.valueOf(below.getMessage());
        if (below instanceof UnknownHostException) {
            return " (unknown host: " + detail + ")";
        }
        return String.valueOf(error.getMessage()).contains(detail)
                ? ""
                : " (" + below.getClass().getSimpleName() + ": " + detail + ")";
    }

    /** Returns whether the server takes no writes, so that the other connections to it are of no use either. */
    static boolean isReadOnly(SQLException error) {
        return state(error).equals("25006");
    }

    /** Returns whether the statement was cancelled, and the connection is as it was before. */
    static boolean isCancelled(SQLException error) {
        return state(error).equals("57014");
    }

    /** Returns whether a lock was not had in the time that was given. */
    static boolean isLocked(SQLException error) {
        return state(error).equals("55P03");
    }

    /** Returns whether the connection is of no use any more, or led to a server that takes no writes. */
    static boolean endsConnection(SQLException error) {
        String state = state(error);
        return state.startsWith("08") || state.startsWith("57P") || isReadOnly(error) || state.equals("25P03");
    }

    /**
     * Returns whether the server itself says that the transaction failed, so that it is not committed whatever was sent with
     * it. One that was told to shut down may say so after the commit, and a pooler that has lost the server knows nothing.
     */
    static boolean saysNotApplied(SQLException error) {
        return error instanceof PSQLException server
                && server.getServerErrorMessage() != null
                && !state(error).startsWith("57P")
                && !state(error).startsWith("08");
    }

    private static String state(@Nullable SQLException error) {
        return error == null || error.getSQLState() == null ? "" : error.getSQLState();
    }
}
