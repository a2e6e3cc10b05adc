package io.contextdb.backend.embedded;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.OutputStreamIndexOutput;

/** The directory of an index, whose files are the owner's alone from their first byte, as those of the store are. */
final class IndexDirectory extends MMapDirectory {
    private static final int CHUNK = 8_192;

    private final AtomicLong temporary = new AtomicLong();

    IndexDirectory(Path path) throws IOException {
        super(path);
        FileRights.createFile(path.resolve(IndexWriter.WRITE_LOCK_NAME));
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        ensureOpen();
        return FileRights.areKept(getDirectory()) ? output(name) : super.createOutput(name, context);
    }

    @Override
    public IndexOutput createTempOutput(String prefix, String suffix, IOContext context) throws IOException {
        ensureOpen();
        if (!FileRights.areKept(getDirectory())) {
            return super.createTempOutput(prefix, suffix, context);
        }
        while (true) {
            try {
                return output(getTempFileName(prefix, suffix, temporary.getAndIncrement()));
            } catch (FileAlreadyExistsException taken) {
                // The next number may be free.
            }
        }
    }

    private IndexOutput output(String name) throws IOException {
        Path file = getDirectory().resolve(name);
        OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), FileRights.ofFile(file)));
        return new OutputStreamIndexOutput("file " + file, name, new Chunks(out), CHUNK);
    }

    /** Writes no more at a time than that, or the JVM would keep memory as large as the largest piece for each thread. */
    private static final class Chunks extends FilterOutputStream {
        Chunks(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += CHUNK) {
                out.write(bytes, offset + done, Math.min(CHUNK, length - done));
            }
        }
    }
}
