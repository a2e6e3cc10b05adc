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

    private final DocumentStore documents;
    private final long maxBytes;
    private final Consumer<Portion> full;
    private final IngestTally tally;
    private Portion portion = new Portion();

    FileReading(DocumentStore documents, long maxBytes, IngestTally tally, Consumer<Portion> full) {
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
        try {
            Format format = Format.ofName(path.getFileName().toString());
            SourceFile file =
                    SourceFile.inspect(path, format == Format.HTML ? Math.min(maxBytes, MAX_HTML_BYTES) : maxBytes);
            switch (file.kind()) {
                case BINARY -> tally.notText();
                case EMPTY -> tally.empty();
                case TOO_LARGE -> tally.problem(path, "is larger than the limit of " + maxBytes(format) + " bytes");
                case TEXT -> {
                    return readText(file, format);
                }
            }
        } catch (IOException failure) {
            tally.problem(path, "cannot be read: " + reason(failure));
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
        }
        int count = chunker.finish();
        portion.end(document, count);
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
        full.accept(ready);
    }

    private static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
