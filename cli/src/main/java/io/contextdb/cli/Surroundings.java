package io.contextdb.cli;

import io.contextdb.spi.embedding.Embedder;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What the command runs in.
 *
 * @param in what answers questions
 * @param out where results go
 * @param err where everything about results goes
 * @param environment environment variables
 * @param outTerminal whether results are read by a person
 * @param errTerminal whether the other stream is
 * @param columns width of the terminal
 * @param embedder in place of the one that the command line names
 */
public record Surroundings(
        BufferedReader in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        boolean outTerminal,
        boolean errTerminal,
        int columns,
        Optional<Embedder> embedder) {
    private static final int DEFAULT_COLUMNS = 100;

    /** Returns those of the process. The launcher says, by system properties, which streams are terminals. */
    static Surroundings ofProcess() {
        return new Surroundings(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.getenv(),
                Boolean.getBoolean("contextdb.terminal.out"),
                Boolean.getBoolean("contextdb.terminal.err"),
                Integer.getInteger("contextdb.columns", DEFAULT_COLUMNS),
                Optional.empty());
    }

    private static PrintWriter utf8(FileDescriptor stream) {
        return new PrintWriter(new FileOutputStream(stream), false, StandardCharsets.UTF_8);
    }
}
