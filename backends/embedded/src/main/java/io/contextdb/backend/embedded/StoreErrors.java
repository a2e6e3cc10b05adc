package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.Outcome;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** What an error of SQLite means to the caller. */
final class StoreErrors {
    private static final int PRIMARY = 0xff;

    private StoreErrors() {}

    static ContextException of(SQLException error, Outcome outcome) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(error.getErrorCode() & PRIMARY);
        return switch (code) {
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new CorruptDataException("the store's file is damaged: " + error.getMessage(), error);
            case SQLITE_INTERRUPT ->
                new ContextTimeoutException("the deadline passed, or the thread was interrupted", outcome, error);
            case SQLITE_FULL ->
                new ContextUnavailableException(
                        "the disk is full; free some space and repeat the call", outcome, error);
            default ->
                new ContextUnavailableException("the store's file failed: " + error.getMessage(), outcome, error);
        };
    }

    static boolean isDamage(SQLException error) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(error.getErrorCode() & PRIMARY);
        return code == SQLiteErrorCode.SQLITE_CORRUPT || code == SQLiteErrorCode.SQLITE_NOTADB;
    }

    static boolean isFull(SQLException error) {
        return (error.getErrorCode() & PRIMARY) == SQLiteErrorCode.SQLITE_FULL.code;
    }

    /** Returns whether SQLite may have rolled the whole transaction back, neighbours included. */
    static boolean endsTransaction(SQLException error) {
        return switch (SQLiteErrorCode.getErrorCode(error.getErrorCode() & PRIMARY)) {
            case SQLITE_FULL,
                    SQLITE_IOERR,
                    SQLITE_NOMEM,
                    SQLITE_BUSY,
                    SQLITE_INTERRUPT,
                    SQLITE_CORRUPT,
                    SQLITE_NOTADB,
                    SQLITE_CANTOPEN,
                    SQLITE_READONLY -> true;
            default -> false;
        };
    }
}
