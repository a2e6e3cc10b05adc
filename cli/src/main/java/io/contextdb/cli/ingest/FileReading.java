package io.contextdb.cli.ingest;

import io.contextdb.cli.chunk.Chunker;
import io.contextdb.cli.chunk.Format;
import io.contextdb.cli.chunk.Piece;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads files one after the other into portions, and leaves alone what is unchanged. Holds at most one portion, and for HTML the
 * file at hand. Not thread-safe.
 */
final class FileReading {
    private static final long MAX_HTML_BYTES = 16L << 20;
    private static final int MAX_SOURCE_LENGTH = 512;

    private final FileSearch search;
    private final DocumentStore documents;
    private final long maxBytes;
    private final Consumer<Portion> full;
    private final IngestTally tally;
    private Portion portion = new Portion();

    /** Whether a portion is being handed on: what fails then is not the file's fault. */
    private boolean handing;

    FileReading(FileSearch search, DocumentStore documents, long maxBytes, IngestTally tally, Consumer<Portion> full) {
        this.search = search;
        this.documents = documents;
        this.maxBytes = maxBytes;
        this.tally = tally;
        this.full = full;
    }

    /** Reads a file; what is wrong with it is counted, not thrown. */
    void read(Path path) {
        if (!begins(path)) {
            tally.passed(path);
        }
    }

    /** Returns whether the file begins a document, which is then counted when it is written. */
    private boolean begins(Path path) {
        Format format = Format.ofName(path.getFileName().toString());
        try {
            if (!search.isStream(path)) {
                return begins(path, path, format);
            }
            try (StreamCopy copy = StreamCopy.of(path, maxBytes(format))) {
                return begins(path, copy.path(), format);
            }
        } catch (IOException failure) {
            tally.problem(path, "cannot be read: " + reason(failure));
        }
        return false;
    }

    private boolean begins(Path path, Path content, Format format) throws IOException {
        SourceFile file = SourceFile.inspect(path, content, maxBytes(format));
        switch (file.kind()) {
            case BINARY -> tally.notText();
            case EMPTY -> tally.empty();
            case TOO_LARGE -> tally.problem(path, "is larger than the limit of " + maxBytes(format) + " bytes");
            case TEXT -> {
                return readText(file, format);
            }
        }
        return false;
    }

    /** Hands on what is left. */
    void finish() {
        if (!portion.isEmpty()) {
            hand();
        }
    }

    private long maxBytes(Format format) {
        return format == Format.HTML ? Math.min(maxBytes, MAX_HTML_BYTES) : maxBytes;
    }

    private boolean readText(SourceFile file, Format format) throws IOException {
        String source = SourceName.of(file.path());
        if (source.getBytes(StandardCharsets.UTF_8).length > MAX_SOURCE_LENGTH) {
            tally.problem(file.path(), "has a path longer than " + MAX_SOURCE_LENGTH + " bytes");
            return false;
        }
        Optional<DocumentRecord> known = documents.record(source);
        if (known.isPresent() && known.get().done() && known.get().hash().equals(file.hash())) {
            tally.unchanged();
            return false;
        }
        Document document = document(file, source, known);
        portion.begin(document);
        Chunker chunker = new Chunker(piece -> add(document, piece));
        try (BufferedReader reader = file.reader()) {
            format.reader().read(reader, chunker);
            portion.end(document, chunker.finish());
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError failure) {
            if (handing) {
                throw failure;
            }
            // Whatever a file does to its reader, the others are read.
            boolean whole = portion.drop(document);
            tally.problem(
                    file.path(),
                    "cannot be read: " + reason(failure)
                            + (whole ? "" : "; what was read of it is kept until it is ingested again"));
            return false;
        }
        unreadable(file, chunker.unreadable());
        if (portion.full()) {
            hand();
        }
        return true;
    }

    private void unreadable(SourceFile file, List<String> parts) {
        if (!parts.isEmpty()) {
            tally.problem(file.path(), "has " + parts.size() + " unreadable part(s), the first: " + parts.get(0));
        }
    }

    private void add(Document document, Piece piece) {
        portion.add(document, piece);
        if (portion.full()) {
            hand();
        }
    }

    private Document document(SourceFile file, String source, Optional<DocumentRecord> known) {
        if (known.isEmpty()) {
            return new Document(file, DocumentRecord.first(source, file.hash(), file.bytes()), false);
        }
        DocumentRecord record = known.get();
        if (record.done()) {
            return new Document(file, record.next(file.hash(), file.bytes()), false);
        }
        if (record.hash().equals(file.hash())) {
            return new Document(file, record, true);
        }
        // The ingest of an older state was killed: what it wrote counts as a revision, which this one replaces.
        int written = documents.written(record.ids(), record.revision());
        if (!record.pieces().isEmpty()) {
            int before = record.revision() - 1;
            documents.retract(record.ids(), before, record.pieces().get(before), "replaced by a newer revision");
        }
        return new Document(file, record.abandoned(written).next(file.hash(), file.bytes()), false);
    }

    private void hand() {
        Portion ready = portion;
        portion = new Portion();
        handing = true;
        full.accept(ready);
        handing = false;
    }

    private static String reason(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return kind;
        }
        return failure instanceof IOException ? message : kind + ": " + message;
    }
}
