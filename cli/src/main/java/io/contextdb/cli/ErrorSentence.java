package io.contextdb.cli;

import io.contextdb.cli.output.Terminal;
import io.contextdb.spi.error.ContextException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in one sentence what went wrong. */
final class ErrorSentence {
    private ErrorSentence() {}

    static String of(Throwable failure) {
        return Terminal.plain(
                switch (failure) {
                    // Its message is a sentence already, without secrets.
                    case ContextException known -> String.valueOf(known.getMessage());
                    case NoSuchFileException absent -> absent.getFile() + " does not exist";
                    case AccessDeniedException denied -> denied.getFile() + " must not be read";
                    case FileSystemException file -> file.getFile() + ": " + reason(file);
                    case FileNotFoundException file -> message(file);
                    case IOException io -> "reading or writing failed: " + message(io);
                    case IllegalArgumentException argument -> message(argument);
                    default ->
                        "unexpected " + failure.getClass().getSimpleName() + ": " + message(failure)
                                + " (--debug shows where)";
                });
    }

    private static String reason(FileSystemException file) {
        return file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
