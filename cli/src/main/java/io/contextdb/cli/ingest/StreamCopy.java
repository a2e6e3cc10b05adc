package io.contextdb.cli.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A copy of what a pipe or a device gives, since it is looked at twice and gives it once. Closing removes it. */
record StreamCopy(Path path) implements AutoCloseable {
    /** Reads a stream to its end, or one byte further than a limit. */
    static StreamCopy of(Path stream, long maxBytes) throws IOException {
        StreamCopy copy = new StreamCopy(Files.createTempFile("contextdb-", ".stream"));
        try (InputStream in = Files.newInputStream(stream);
                OutputStream out = Files.newOutputStream(copy.path)) {
            byte[] buffer = new byte[1 << 16];
            long left = maxBytes + 1;
            int read;
            while (left > 0 && (read = in.read(buffer, 0, (int) Math.min(buffer.length, left))) >= 0) {
                out.write(buffer, 0, read);
                left -= read;
            }
            return copy;
        } catch (IOException | RuntimeException failed) {
            copy.close();
            throw failed;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
