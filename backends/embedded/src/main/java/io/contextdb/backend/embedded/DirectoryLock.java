package io.contextdb.backend.embedded;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps other processes out of a store's directory. The file names the holder; the system's lock on it is what counts. */
final class DirectoryLock implements AutoCloseable {
    /** Far behind the text, so that systems with mandatory locks let others read who holds it. */
    private static final long LOCKED_BYTE = 1L << 40;

    static final String FILE = "lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock acquire(Path directory) {
        Path file = directory.resolve(FILE);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    FileRights.ofFile(file));
            if (lock(channel) == null) {
                throw new AccessDeniedException(
                        "directory " + directory + " is held by another process" + holder(file)
                                + "; close it there, or open another directory",
                        null);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            DirectoryLock held = new DirectoryLock(channel);
            channel = null;
            return held;
        } catch (IOException failed) {
            throw new ContextUnavailableException(
                    "directory " + directory + " cannot be locked: " + failed.getMessage(),
                    Outcome.NOT_APPLIED,
                    failed);
        } finally {
            closeQuietly(channel);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException heldByAnotherLoaderOfThisClass) {
            return null;
        }
    }

    private static String holder(Path file) {
        try {
            String pid = Files.readString(file).strip();
            return pid.isEmpty() ? "" : " (process " + pid + ")";
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // The lock goes with the channel's descriptor, closed cleanly or not.
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}
