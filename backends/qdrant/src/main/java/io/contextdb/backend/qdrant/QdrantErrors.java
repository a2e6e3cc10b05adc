package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;

/** Errors of calls, as contextdb tells them. */
final class QdrantErrors {
    private static final String TOO_GREAT = "exceeds maximum size";

    private QdrantErrors() {}

    /** Returns the error for the caller; {@code ifSent} is the outcome where the server may have got the call. */
    static ContextException of(String operation, StatusRuntimeException error, Outcome ifSent) {
        Status status = error.getStatus();
        String message = "Qdrant: " + operation + ": " + said(status);
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> new ContextTimeoutException(message, ifSent, error);
            case CANCELLED ->
                Thread.currentThread().isInterrupted()
                        ? new ContextTimeoutException(message + ": the thread was interrupted", ifSent, error)
                        : new ContextUnavailableException(message, ifSent, error);
            case UNAUTHENTICATED, PERMISSION_DENIED -> new AccessDeniedException(message, error);
            case RESOURCE_EXHAUSTED ->
                new ContextThrottledException(message, tooGreat(error) ? ifSent : Outcome.NOT_APPLIED, error);
            case INVALID_ARGUMENT, OUT_OF_RANGE ->
                new InvalidRequestException("qdrant", operation + ": " + said(status));
            case NOT_FOUND ->
                new InvalidRequestException(ErrorCode.NOT_FOUND, "qdrant", operation + ": " + said(status));
            case ALREADY_EXISTS ->
                new InvalidRequestException(ErrorCode.PRECONDITION_FAILED, "qdrant", operation + ": " + said(status));
            case UNIMPLEMENTED -> new UnsupportedCapabilityException(operation, "this Qdrant: " + said(status));
            case DATA_LOSS -> new CorruptDataException(message, error);
            case OK, UNKNOWN, ABORTED, FAILED_PRECONDITION, INTERNAL, UNAVAILABLE ->
                new ContextUnavailableException(message, neverSent(error) ? Outcome.NOT_APPLIED : ifSent, error);
        };
    }

    /** Returns whether what the call names, a collection, is not there. */
    static boolean missing(ContextException error) {
        return error.code() == ErrorCode.NOT_FOUND;
    }

    /** Returns whether the answer was greater than the channel takes, so that less must be asked for at a time. */
    static boolean tooGreat(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException failed
                    && failed.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                return String.valueOf(failed.getStatus().getDescription()).contains(TOO_GREAT);
            }
        }
        return false;
    }

    /** There was no connection, so nothing went out. */
    private static boolean neverSent(StatusRuntimeException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    private static String said(Status status) {
        StringBuilder text = new StringBuilder(status.getCode().name());
        if (status.getDescription() != null) {
            text.append(": ").append(status.getDescription());
        }
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                text.append(": ").append(cause.getMessage());
            }
        }
        return text.toString();
    }
}
