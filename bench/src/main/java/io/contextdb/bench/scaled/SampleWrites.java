package io.contextdb.bench.scaled;

import io.contextdb.Namespace;
import io.contextdb.bench.VectorData;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import java.time.Instant;
import java.util.UUID;

/** Batches of one model, and of several that are in different stores; no two alike. */
final class SampleWrites {
    static final String SPACE = "default";

    private final VectorData data = new VectorData(1_000);

    /** Returns when it was committed. */
    Instant nodeAndPoint(Namespace namespace) {
        UUID id = UUID.randomUUID();
        return namespace.batch().put(draft(id)).put(SPACE, point(id)).apply().committedAt();
    }

    void node(Namespace namespace) {
        namespace.batch().put(draft(UUID.randomUUID())).apply();
    }

    void key(Namespace namespace) {
        namespace.batch().put("key" + UUID.randomUUID(), Bytes.utf8("value")).apply();
    }

    void everything(Namespace namespace) {
        UUID id = UUID.randomUUID();
        namespace
                .batch()
                .put(draft(id))
                .put(SPACE, point(id))
                .put("key" + id, Bytes.utf8("value"))
                .append(EventDraft.of("bench.made", PropertyMap.of("name", "node")))
                .apply();
    }

    private NodeDraft draft(UUID id) {
        return NodeDraft.of(
                id,
                NodeContent.builder()
                        .label("bench")
                        .property("name", data.text(0))
                        .build());
    }

    private VectorPoint point(UUID id) {
        return VectorPoint.builder(id).vector(data.query()).text(data.text(1)).build();
    }
}
