package io.contextdb.cli.ingest;

import io.contextdb.cli.chunk.Piece;
import io.contextdb.spi.vector.Vector;
import java.util.Map;
import java.util.Optional;

/**
 * A portion and the vectors of its chunks.
 *
 * @param portion the portion
 * @param vectors by the text that was embedded; empty without an embedder
 */
record EmbeddedPortion(Portion portion, Map<String, Vector> vectors) {
    Optional<Vector> vector(Piece.Chunk chunk) {
        return Optional.ofNullable(vectors.get(chunk.textInContext()));
    }
}
