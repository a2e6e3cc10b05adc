package io.contextdb.cli.ingest;

import io.contextdb.Batch;
import io.contextdb.Namespace;
import io.contextdb.cli.chunk.Piece;
import io.contextdb.memory.Memory;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryReceipt;
import io.contextdb.memory.MemoryType;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Writes portions, so that a kill at any point leaves what a repeated ingest completes: first that documents begin, then their
 * chunks, then headings and edges and that documents are whole; last, what a new revision replaces is retracted. Not
 * thread-safe.
 */
final class PortionWriter {
    private static final String CONTAINS = "contains";
    private static final String NEXT = "next";

    private final Namespace namespace;
    private final Memory memory;
    private final DocumentStore documents;
    private long chunks;

    PortionWriter(Namespace namespace, DocumentStore documents) {
        this.namespace = namespace;
        this.memory = namespace.memory();
        this.documents = documents;
    }

    void write(EmbeddedPortion embedded) {
        Portion portion = embedded.portion();
        begin(portion.begun());
        Set<UUID> there = writtenBefore(portion);
        writeChunks(embedded, there);
        writeStructure(portion, there);
        for (Portion.Ended ended : portion.ended()) {
            finish(ended);
        }
    }

    /** Returns how many chunks were written. */
    long chunks() {
        return chunks;
    }

    private void begin(List<Document> begun) {
        if (begun.isEmpty()) {
            return;
        }
        Batch batch = namespace.batch();
        for (Document document : begun) {
            batch.put(
                    DocumentRecord.COLLECTION,
                    document.record().source(),
                    document.record().toProperties());
            if (!document.resumed()) {
                batch.put(NodeDraft.of(document.id(), content(document)));
            }
        }
        batch.apply();
    }

    private Set<UUID> writtenBefore(Portion portion) {
        List<UUID> resumed = portion.pieces().stream()
                .filter(placed -> placed.document().resumed())
                .map(placed -> placed.document().id(placed.piece().ordinal()))
                .toList();
        return resumed.isEmpty() ? new HashSet<>() : documents.existing(resumed);
    }

    private void writeChunks(EmbeddedPortion embedded, Set<UUID> there) {
        List<MemoryDraft> drafts = new ArrayList<>();
        for (Portion.Placed placed : embedded.portion().pieces()) {
            if (placed.piece() instanceof Piece.Chunk chunk
                    && !there.contains(placed.document().id(chunk.ordinal()))) {
                MemoryDraft draft = draft(placed.document(), chunk);
                drafts.add(embedded.vector(chunk).map(draft::vector).orElse(draft));
            }
        }
        for (MemoryReceipt receipt : memory.write(drafts)) {
            if (receipt.confidence() > 0) {
                there.add(receipt.id());
                chunks++;
            }
        }
    }

    private void writeStructure(Portion portion, Set<UUID> there) {
        Batch batch = namespace.batch();
        for (Portion.Placed placed : portion.pieces()) {
            Document document = placed.document();
            Piece piece = placed.piece();
            UUID id = document.id(piece.ordinal());
            if (piece instanceof Piece.Heading heading) {
                batch.add(new GraphMutation.PutNode(
                        NodeDraft.of(id, content(document, heading)),
                        Condition.absent().orSkip(),
                        GraphMutation.Fingerprints.SHARED));
            } else if (!there.contains(id)) {
                // A source that is not believed has its chunks refused; then there is nothing to connect.
                continue;
            }
            connect(batch, document, document.id(piece.parent()), CONTAINS, id);
            if (piece instanceof Piece.Chunk chunk && chunk.previous() != Piece.NONE) {
                connect(batch, document, document.id(chunk.previous()), NEXT, id);
            }
        }
        if (!portion.pieces().isEmpty()) {
            batch.apply();
        }
    }

    private static void connect(Batch batch, Document document, UUID from, String type, UUID to) {
        batch.add(new GraphMutation.PutEdge(
                EdgeDraft.of(document.record().ids().edge(from, type, to), EdgeContent.of(from, type, to)),
                Condition.absent().orSkip()));
    }

    private void finish(Portion.Ended ended) {
        DocumentRecord record = ended.document().record();
        int revision = record.revision();
        if (revision > 0) {
            documents.retract(
                    record.ids(), revision - 1, record.pieces().get(revision - 1), "replaced by a newer revision");
        }
        DocumentRecord finished = record.finished(ended.count());
        namespace
                .batch()
                .put(DocumentRecord.COLLECTION, finished.source(), finished.toProperties())
                .append(EventDraft.of(
                                "document.ingested",
                                PropertyMap.of(
                                        "source", finished.source(), "revision", revision, "pieces", ended.count()))
                        .about(ended.document().id().toString()))
                .apply();
    }

    private static NodeContent content(Document document) {
        return NodeContent.builder()
                .label("document")
                .property("title", document.file().path().getFileName().toString())
                .property("hash", document.record().hash())
                .property("bytes", document.record().bytes())
                .property("revision", document.record().revision())
                .source(document.record().source())
                .build();
    }

    private static NodeContent content(Document document, Piece.Heading heading) {
        return NodeContent.builder()
                .label("heading")
                .property("title", heading.title())
                .property("level", heading.level())
                .property("headings", heading.path())
                .source(document.record().source())
                .build();
    }

    private static MemoryDraft draft(Document document, Piece.Chunk chunk) {
        PropertyMap properties = PropertyMap.of("headings", chunk.path(), "ordinal", chunk.ordinal())
                .with("document", document.id().toString());
        return MemoryDraft.of(chunk.text())
                .id(document.id(chunk.ordinal()))
                .source(document.record().source())
                .labels("chunk")
                .type(MemoryType.SEMANTIC)
                .properties(chunk.fields().isEmpty() ? properties : properties.with("record", chunk.fields()))
                .asIs();
    }
}
