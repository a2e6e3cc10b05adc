package io.contextdb.cli.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The ids of a document's nodes and edges. They follow from a random key that is kept with the document, so that an ingest that
 * was killed and is repeated writes the same nodes again, and a document that was erased, whose ids are used up (contract N6),
 * gets others.
 *
 * @param key the document's key
 */
record DocumentIds(UUID key) {
    /** Returns the id of the document's own node, the same in all revisions. */
    UUID document() {
        return named("document");
    }

    /** Returns the id of a piece. */
    UUID piece(int revision, int ordinal) {
        return named(revision + "/" + ordinal);
    }

    /** Returns the ids of the pieces {@code [from, to)}. */
    List<UUID> pieces(int revision, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(ordinal -> piece(revision, ordinal))
                .toList();
    }

    /** Returns the id of the edge of a type between two nodes of the document. */
    UUID edge(UUID from, String type, UUID to) {
        return named(from + " " + type + " " + to);
    }

    private UUID named(String name) {
        return UUID.nameUUIDFromBytes((key + "/" + name).getBytes(StandardCharsets.UTF_8));
    }
}
