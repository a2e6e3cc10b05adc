package io.contextdb.scaled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The file in which all writers note what they begin and how it ended. What reached the kernel survives their kill. */
final class CrashLog implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    /** What became of an operation. */
    enum Stage {
        /** It was about to be sent; where nothing follows, nobody knows what became of it. */
        BEGUN,
        /** It was acknowledged. */
        DONE,
        /** A condition failed. */
        REFUSED,
        /** A search that began then found its point. */
        FOUND,
        /** It failed as nothing should fail. */
        BROKEN
    }

    /**
     * A line.
     *
     * @param stage what became of it
     * @param operation which operation
     * @param at when that was noted
     */
    record Entry(Stage stage, CrashOperation operation, Instant at) {
        private static Entry parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Entry(
                    Stage.valueOf(parts[0]),
                    new CrashOperation(CrashOperation.Kind.valueOf(parts[1]), UUID.fromString(parts[2])),
                    Instant.parse(parts[3]));
        }

        private String line() {
            return stage + " " + operation.kind() + " " + operation.id() + " " + at + "\n";
        }

        boolean is(Stage wanted, CrashOperation.Kind kind) {
            return stage == wanted && operation.kind() == kind;
        }
    }

    CrashLog(Path file) throws IOException {
        this.file = file;
        // Appending is one step for the kernel, so that lines of several processes stay whole.
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void note(Stage stage, CrashOperation operation) {
        note(new Entry(stage, operation, Instant.now()));
    }

    void note(Entry entry) {
        byte[] line = entry.line().getBytes(StandardCharsets.US_ASCII);
        try {
            channel.write(ByteBuffer.wrap(line));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path file() {
        return file;
    }

    /** Returns how long it is now, to look at what follows. */
    long end() {
        try {
            return channel.size();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    List<Entry> entries() {
        try {
            return whole(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Returns what was noted since the log was that long. */
    List<Entry> after(long length) {
        try (FileChannel reading = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) (reading.size() - length));
            reading.read(bytes, length);
            return whole(StandardCharsets.US_ASCII.decode(bytes.flip()).toString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The last line may be in the middle of being written, or its writer was killed there: then nobody had heard of it. */
    private static List<Entry> whole(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(Entry::parse)
                .toList();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
