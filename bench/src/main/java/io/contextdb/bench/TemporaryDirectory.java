package io.contextdb.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A directory that is there until it is closed; where the system property {@code bench.directory} says, if it does. */
public final class TemporaryDirectory implements AutoCloseable {
    private final Path path;

    /** Makes one. */
    public TemporaryDirectory() throws IOException {
        String parent = System.getProperty("bench.directory");
        path = parent == null
                ? Files.createTempDirectory("contextdb-bench")
                : Files.createTempDirectory(Path.of(parent), "contextdb-bench");
    }

    /** Returns where it is. */
    public Path path() {
        return path;
    }

    /** Returns how many bytes its files have. */
    public long bytes() throws IOException {
        try (var files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
