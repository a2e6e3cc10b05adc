package io.contextdb.tck.crash;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.vector.VectorSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The process that is killed: writes batches from several threads for ever, and notes each one in a file after it was
 * acknowledged. Arguments: URL, file, then for each writer the step that it begins with.
 */
public final class CrashWriter {
    private CrashWriter() {}

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Thread> writers = new ArrayList<>();
        try (FileChannel acknowledged =
                        FileChannel.open(Path.of(arguments[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                ContextConnection connection = ContextDriverManager.getConnection(arguments[0])) {
            Namespace namespace = connection.namespace("crash");
            namespace.vectors().createSpace(VectorSpace.cosine(CrashBatch.SPACE, CrashBatch.DIMENSIONS));
            for (int i = 2; i < arguments.length; i++) {
                int writer = i - 2;
                long first = Long.parseLong(arguments[i]);
                writers.add(Thread.ofPlatform()
                        .name("crash-writer-" + writer)
                        .start(() -> write(namespace, acknowledged, writer, first)));
            }
            for (Thread writer : writers) {
                writer.join();
            }
        }
    }

    private static void write(Namespace namespace, FileChannel acknowledged, int writer, long first) {
        for (long step = first; ; step++) {
            new CrashBatch(writer, step).apply(namespace);
            // One write call a line: what reached the kernel survives the kill.
            byte[] line = (writer + " " + step + "\n").getBytes(StandardCharsets.US_ASCII);
            try {
                acknowledged.write(ByteBuffer.wrap(line));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
