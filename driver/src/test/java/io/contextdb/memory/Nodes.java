package io.contextdb.memory;

import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.value.Interval;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Memories as a store would return them. */
final class Nodes {
    private Nodes() {}

    static Node memory(long id, double confidence, @Nullable MemoryType type, Instant validFrom) {
        MemoryDraft draft = MemoryDraft.of("memory " + id);
        NodeContent content = NodeContent.builder()
                .properties(MemoryNode.properties(type == null ? draft : draft.type(type)))
                .confidence(confidence)
                .build();
        Interval validity = Interval.from(validFrom);
        return new Node(new UUID(0, id), content, new Revision(1, validity, validity, ""));
    }
}
