package io.contextdb.cli.ingest;

import io.contextdb.Batch;
import io.contextdb.Namespace;
import io.contextdb.memory.Memory;
import io.contextdb.memory.MemorySettings;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.vector.VectorPoint;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The documents of a namespace and what came from them. Thread-safe. */
public final class DocumentStore {
    private static final int SLICE = 200;

    private final Namespace namespace;
    private final Memory memory;

    /** Works in a namespace. */
    public DocumentStore(Namespace namespace) {
        this.namespace = namespace;
        this.memory = namespace.memory();
    }

    /** Returns how many documents are whole. */
    public long count() {
        return namespace.documents(DocumentRecord.COLLECTION).count(Filter.eq(Field.property("done"), true));
    }

    /** Returns the sources that are this one or lie in it as in a folder, in order. */
    public List<String> sources(String source) {
        String folder = source.endsWith("/") ? source : source + "/";
        Filter within = Filter.or(
                Filter.eq(Field.property("source"), source), Filter.startsWith(Field.property("source"), folder));
        try (Stream<io.contextdb.spi.document.Document> found =
                namespace.documents(DocumentRecord.COLLECTION).findAll(within)) {
            return found.map(io.contextdb.spi.document.Document::id).toList();
        }
    }

    /** Erases everything that came from a source, past revisions included, and returns how many nodes there were. */
    public long erase(String source) {
        long erased = memory.forget(source);
        Optional<DocumentRecord> record = record(source);
        if (record.isPresent()) {
            DocumentIds ids = record.get().ids();
            int revisions = record.get().pieces().size();
            for (int revision = 0; revision < revisions; revision++) {
                int pieces = record.get().pieces().get(revision);
                for (int from = 0; from < pieces; from += SLICE) {
                    erased += namespace.erase(ids.pieces(revision, from, Math.min(pieces, from + SLICE)));
                }
            }
            if (!record.get().done()) {
                int pieces = written(ids, revisions);
                for (int from = 0; from < pieces; from += SLICE) {
                    erased += namespace.erase(ids.pieces(revisions, from, Math.min(pieces, from + SLICE)));
                }
            }
            erased += namespace.erase(List.of(ids.document()));
            namespace.documents(DocumentRecord.COLLECTION).delete(source);
        }
        return erased;
    }

    Optional<DocumentRecord> record(String source) {
        return namespace
                .documents(DocumentRecord.COLLECTION)
                .get(source)
                .map(stored -> DocumentRecord.of(stored.body()));
    }

    /** Returns how many pieces of an unfinished revision were written; they are written in order. */
    int written(DocumentIds ids, int revision) {
        int from = 0;
        while (true) {
            Set<UUID> there = existing(ids.pieces(revision, from, from + SLICE));
            if (there.isEmpty()) {
                return from;
            }
            from += SLICE;
        }
    }

    /** Returns which of some nodes exist. */
    Set<UUID> existing(Collection<UUID> ids) {
        Set<UUID> there = new HashSet<>();
        namespace.graph().get(ids).forEach(node -> there.add(node.id()));
        return there;
    }

    /** Ends the validity of the pieces of a revision now, for the graph and for the index. */
    void retract(DocumentIds ids, int revision, int pieces, String reason) {
        Optional<MemorySettings> settings = memory.settings();
        for (int from = 0; from < pieces; from += SLICE) {
            List<UUID> valid =
                    namespace.graph().get(ids.pieces(revision, from, Math.min(pieces, from + SLICE))).stream()
                            .filter(node -> !node.revision().retracted())
                            .map(Node::id)
                            .toList();
            if (valid.isEmpty()) {
                continue;
            }
            Batch batch = namespace.batch();
            valid.forEach(id -> batch.retract(id, reason));
            settings.ifPresent(known -> endPoints(batch, known.space().name(), valid));
            batch.apply();
        }
    }

    private void endPoints(Batch batch, String space, List<UUID> ids) {
        Instant now = Instant.now();
        for (VectorPoint point : namespace.vectors().get(space, ids)) {
            batch.put(
                    space,
                    point.toBuilder().validity(point.validity().endingAt(now)).build());
        }
    }
}
