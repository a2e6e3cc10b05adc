package io.contextdb.scaled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** The file to which a Redis appends what it writes, to be cut off as a crash of the machine would. */
final class RedisLog {
    private RedisLog() {}

    /** Returns how long it is: a length that it has had ends with a whole command or transaction. */
    static long length(Path directory) {
        try {
            return Files.size(file(directory));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Cuts off what came after, and returns how much it was. */
    static long cut(Path directory, long length) {
        try (FileChannel channel = FileChannel.open(file(directory), StandardOpenOption.WRITE)) {
            long lost = channel.size() - length;
            channel.truncate(length);
            return lost;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path file(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("appendonlydir"))) {
            return files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .max(Comparator.comparingInt(RedisLog::number))
                    .orElseThrow(() -> new IllegalStateException("no append-only file in " + directory));
        }
    }

    /** A rewrite begins a file with the next number. */
    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().split("\\.", -1)[2]);
    }
}
