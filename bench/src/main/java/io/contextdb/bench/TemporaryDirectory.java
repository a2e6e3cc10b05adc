package io.contextdb.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A directory that is there until it is closed; where the system property {@code bench.directory} says, if it does. */
final class TemporaryDirectory implements AutoCloseable {
    private final Path path;

    TemporaryDirectory() throws IOException {
        String parent = System.getProperty("bench.directory");
        path = parent == null
                ? Files.createTempDirectory("contextdb-bench")
                : Files.createTempDirectory(Path.of(parent), "contextdb-bench");
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
