package io.contextdb.cli.ingest;

import io.contextdb.cli.chunk.Piece;
import java.util.UUID;

/**
 * A document on its way into the namespace.
 *
 * @param file the file
 * @param record what is kept about it, at the beginning of this revision
 * @param resumed whether an earlier ingest may have written some of its pieces
 */
record Document(SourceFile file, DocumentRecord record, boolean resumed) {
    UUID id() {
        return record.ids().document();
    }

    UUID id(int ordinal) {
        return ordinal == Piece.NONE ? id() : record.ids().piece(record.revision(), ordinal);
    }
}
