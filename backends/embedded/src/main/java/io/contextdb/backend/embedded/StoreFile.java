package io.contextdb.backend.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file read and written at positions. Unlike a channel it stays open when a thread that uses it is interrupted. Thread-safe. */
final class StoreFile implements AutoCloseable {
    private final RandomAccessFile file;

    private StoreFile(RandomAccessFile file) {
        this.file = file;
    }

    static StoreFile readable(Path path) throws IOException {
        return new StoreFile(new RandomAccessFile(path.toFile(), "r"));
    }

    /** Opens a file, and creates it if it is absent. */
    static StoreFile writable(Path path) throws IOException {
        return new StoreFile(new RandomAccessFile(path.toFile(), "rw"));
    }

    /** Reads into an array-backed buffer until it is full or the file ends. */
    synchronized void read(ByteBuffer into, long position) throws IOException {
        file.seek(position);
        while (into.hasRemaining()) {
            int read = file.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
            if (read < 0) {
                return;
            }
            into.position(into.position() + read);
        }
    }

    /** Writes what remains in an array-backed buffer. */
    synchronized void write(ByteBuffer from, long position) throws IOException {
        file.seek(position);
        file.write(from.array(), from.arrayOffset() + from.position(), from.remaining());
    }

    synchronized long size() throws IOException {
        return file.length();
    }

    synchronized void truncate() throws IOException {
        file.setLength(0);
    }

    /** Waits until all that was written is on the disk. */
    void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
