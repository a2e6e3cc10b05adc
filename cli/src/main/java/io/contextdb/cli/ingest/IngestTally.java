package io.contextdb.cli.ingest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Counts what becomes of the files of an ingest. Thread-safe. */
final class IngestTally {
    private final Map<Path, Long> sizes;
    private final long bytes;
    private final List<FileProblem> problems;
    private int added;
    private int changed;
    private int unchanged;
    private int notText;
    private int empty;
    private int filesDone;
    private long bytesPassed;
    private long bytesWritten;

    IngestTally(FileSearch search) {
        sizes = search.sizes();
        bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
        problems = new ArrayList<>(search.problems());
    }

    /**
     * How far an ingest is.
     *
     * @param files all files
     * @param filesDone files that are written or were passed over
     * @param bytes length of all files
     * @param bytesPassed length of the files passed over
     * @param bytesWritten length of the files written
     */
    record Standing(int files, int filesDone, long bytes, long bytesPassed, long bytesWritten) {
        /** Returns the share that is done, in [0, 1]. */
        double share() {
            return bytes == 0 ? 1 : (double) (bytesPassed + bytesWritten) / bytes;
        }
    }

    synchronized Standing standing() {
        return new Standing(sizes.size(), filesDone, bytes, bytesPassed, bytesWritten);
    }

    synchronized void passed(Path file) {
        filesDone++;
        bytesPassed += sizes.getOrDefault(file, 0L);
    }

    synchronized void written(Document document) {
        filesDone++;
        bytesWritten += sizes.getOrDefault(document.file().path(), 0L);
        if (document.record().revision() > 0) {
            changed++;
        } else {
            added++;
        }
    }

    synchronized void unchanged() {
        unchanged++;
    }

    synchronized void notText() {
        notText++;
    }

    synchronized void empty() {
        empty++;
    }

    synchronized void problem(Path file, String reason) {
        problems.add(new FileProblem(file, reason));
    }

    synchronized IngestSummary summary(long chunks, long repeatedTexts, boolean interrupted) {
        return new IngestSummary(
                sizes.size(),
                added,
                changed,
                unchanged,
                notText,
                empty,
                chunks,
                repeatedTexts,
                interrupted,
                List.copyOf(problems));
    }
}
