package io.contextdb.cli.ingest;

import io.contextdb.Namespace;
import io.contextdb.cli.output.ProgressLine;
import io.contextdb.spi.embedding.Embedder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One ingest: a thread reads, some embed, the calling one writes, in the order of the files. At most {@value #IN_FLIGHT} portions
 * are between reading and writing, so memory does not grow with the files. {@link #stop} may be called from any thread.
 */
final class Ingest {
    private static final int IN_FLIGHT = 6;
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private final FileSearch search;
    private final IngestTally tally;
    private final PortionEmbedder embedder;
    private final PortionWriter writer;
    private final DocumentStore documents;
    private final IngestOptions options;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Semaphore room = new Semaphore(IN_FLIGHT);

    /** Portions in the order of reading; an empty one marks the end. */
    private final BlockingQueue<Future<Optional<EmbeddedPortion>>> inFlight = new LinkedBlockingQueue<>();

    Ingest(FileSearch search, Namespace namespace, Optional<Embedder> embedder, IngestOptions options) {
        this.search = search;
        this.tally = new IngestTally(search);
        this.embedder = new PortionEmbedder(embedder);
        this.documents = new DocumentStore(namespace);
        this.writer = new PortionWriter(namespace, documents);
        this.options = options;
    }

    /** Asks the ingest to end after the portion that is being written. */
    void stop() {
        stopped.set(true);
        // A pipe that nobody writes to gives no portion to wait for.
        inFlight.add(CompletableFuture.completedFuture(Optional.empty()));
    }

    IngestSummary run(ProgressLine line) throws InterruptedException {
        IngestProgress progress = new IngestProgress(line);
        ExecutorService embedding = Executors.newFixedThreadPool(
                options.embedThreads(),
                Thread.ofPlatform().name("contextdb-embed-", 0).daemon().factory());
        Thread reading = Thread.ofPlatform().name("contextdb-read").daemon().start(() -> read(embedding));
        try {
            Optional<EmbeddedPortion> portion = take();
            while (portion.isPresent() && !stopped.get()) {
                writer.write(portion.get());
                room.release();
                portion.get().portion().ended().forEach(ended -> tally.written(ended.document()));
                progress.show(tally.standing(), writer.chunks());
                portion = take();
            }
        } finally {
            stop();
            progress.end();
            room.release(IN_FLIGHT);
            embedding.shutdownNow();
            // It may wait for a pipe, which nothing ends; as a daemon it then ends with the process.
            reading.join(LONGEST_END);
        }
        boolean interrupted = tally.standing().filesDone() < tally.standing().files();
        return tally.summary(writer.chunks(), embedder.repeated(), interrupted);
    }

    private Optional<EmbeddedPortion> take() throws InterruptedException {
        try {
            return inFlight.take().get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException("the ingest failed", failed.getCause());
        }
    }

    private void read(ExecutorService embedding) {
        try {
            FileReading reading = new FileReading(search, documents, options.maxFileBytes(), tally, portion -> {
                room.acquireUninterruptibly();
                if (stopped.get()) {
                    throw new CancellationException("the ingest was stopped");
                }
                inFlight.add(embedding.submit(() -> Optional.of(embedder.embed(portion))));
            });
            for (Path file : search.sizes().keySet()) {
                if (stopped.get()) {
                    break;
                }
                reading.read(file);
            }
            reading.finish();
            inFlight.add(CompletableFuture.completedFuture(Optional.empty()));
        } catch (CancellationException stop) {
            inFlight.add(CompletableFuture.completedFuture(Optional.empty()));
        } catch (RuntimeException | Error failed) {
            inFlight.add(CompletableFuture.failedFuture(failed));
        }
    }
}
