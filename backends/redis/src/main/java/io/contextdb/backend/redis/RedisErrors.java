package io.contextdb.backend.redis;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.Outcome;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an error of Redis or Lettuce means to the caller. */
final class RedisErrors {
    /** The word that begins an error, also inside the error of a script (Redis 6). */
    private static final Pattern CODE = Pattern.compile("(?:^|[ :]-)(?<code>[A-Z]{3,})\\b");

    private RedisErrors() {}

    /** Returns the error for the caller; {@code ifSent} is the outcome where the command may have reached the server. */
    static ContextException of(Throwable error, Outcome ifSent) {
        String said = String.valueOf(error.getMessage());
        String message = "Redis: " + said;
        if (error instanceof RedisCommandExecutionException) {
            return ofServer(code(said), said, message, error);
        }
        if (error instanceof RedisConnectionException connection) {
            return ofConnecting(connection, message);
        }
        if (error instanceof RedisException && said.contains(" size exceeded")) {
            return new ContextThrottledException(message, Outcome.NOT_APPLIED, error);
        }
        return new ContextUnavailableException(message, refused(error) ? Outcome.NOT_APPLIED : ifSent, error);
    }

    /** Returns whether there was no connection, so that the command was not sent. */
    static boolean notConnected(ContextUnavailableException error) {
        return error.getCause() != null && refused(error.getCause());
    }

    private static boolean refused(Throwable error) {
        return error instanceof RedisException
                && String.valueOf(error.getMessage()).contains("Commands are rejected");
    }

    private static ContextException ofConnecting(Throwable error, String message) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException refused) {
                String said = String.valueOf(refused.getMessage());
                return ofServer(code(said), said, "Redis: " + said, error);
            }
        }
        return new ContextUnavailableException(message, Outcome.NOT_APPLIED, error);
    }

    /** An error that the server answered: the command did not run, or the script ended before its first write. */
    private static ContextException ofServer(String code, String said, String message, Throwable error) {
        return switch (code) {
            case "NOAUTH", "WRONGPASS", "NOPERM" -> new AccessDeniedException(message, error);
            case "HELD" -> Hold.of(said).error();
            case "OOM" -> new ContextThrottledException(message, Outcome.NOT_APPLIED, error);
            case "WRONGTYPE" -> new CorruptDataException(message, error);
            default -> {
                if (said.contains("max number of clients")) {
                    yield new ContextThrottledException(message, Outcome.NOT_APPLIED, error);
                }
                if (said.contains("invalid password") || said.contains("invalid username")) {
                    yield new AccessDeniedException(message, error);
                }
                yield said.contains("user_script") && code.equals("ERR")
                        ? new CorruptDataException(message, error)
                        : new ContextUnavailableException(message, Outcome.NOT_APPLIED, error);
            }
        };
    }

    /** Returns whether a call was refused because the namespace is being dropped, and somebody must go on with that. */
    static boolean isDropping(ContextException error) {
        return error.getCause() instanceof RedisCommandExecutionException refused
                && code(String.valueOf(refused.getMessage())).equals("DROPPING");
    }

    /** Returns whether the connection leads to a server that takes no writes, so that another one is needed. */
    static boolean wrongServer(Throwable error) {
        return error instanceof RedisCommandExecutionException
                && code(String.valueOf(error.getMessage())).equals("READONLY");
    }

    private static String code(String message) {
        Matcher code = CODE.matcher(message);
        String last = "";
        while (code.find()) {
            last = code.group("code");
        }
        return last;
    }
}
