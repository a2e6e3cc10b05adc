package io.contextdb.cli.ingest;

import io.contextdb.cli.output.ProgressLine;
import java.time.Duration;
import java.util.Locale;

/** Shows how far an ingest is, how fast it goes and how long it will take. Not thread-safe. */
final class IngestProgress {
    private final ProgressLine line;
    private final long start = System.nanoTime();

    IngestProgress(ProgressLine line) {
        this.line = line;
    }

    void show(IngestTally.Standing standing, long chunks) {
        double seconds = Math.max(1e-3, (System.nanoTime() - start) / 1e9);
        line.show(
                standing.share(),
                () -> String.format(
                        Locale.ROOT,
                        "%,d of %,d files  %,d chunks  %.0f chunks/s%s",
                        standing.filesDone(),
                        standing.files(),
                        chunks,
                        chunks / seconds,
                        left(standing, seconds)));
    }

    void end() {
        line.end();
    }

    /** What was passed over says nothing about how long the rest takes. */
    private static String left(IngestTally.Standing standing, double seconds) {
        long rest = standing.bytes() - standing.bytesPassed() - standing.bytesWritten();
        if (standing.bytesWritten() == 0 || seconds < 2) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.round(rest / (standing.bytesWritten() / seconds)));
        return left.toMinutes() > 0
                ? String.format(Locale.ROOT, "  %d min %d s left", left.toMinutes(), left.toSecondsPart())
                : String.format(Locale.ROOT, "  %d s left", left.toSeconds());
    }
}
