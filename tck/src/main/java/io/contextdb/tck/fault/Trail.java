package io.contextdb.tck.fault;

import io.contextdb.Batch;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * What one batch of a writer leaves in every model that the backend has: all of it, or nothing.
 *
 * @param info what the backend declares
 * @param id tells the batch from others of its namespace
 */
record Trail(BackendInfo info, String id) {
    /** Counts the batches that were applied. */
    static final String COUNTER = "applied";

    /** Makes entries large enough for several packets. */
    private static final String PADDING = "padding ".repeat(40);

    private UUID node() {
        return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds everything to a batch. */
    Batch addTo(Batch batch) {
        if (info.offers(Capability.KEYS)) {
            batch.put("first/" + id, Bytes.utf8(PADDING));
            batch.increment(COUNTER, 1);
            batch.put("last/" + id, Bytes.utf8(PADDING));
        }
        if (info.offers(Capability.GRAPH)) {
            batch.put(NodeDraft.of(
                    node(), NodeContent.builder().property("padding", PADDING).build()));
        }
        if (info.offers(Capability.DOCUMENTS)) {
            batch.put("trail", id, PropertyMap.of("padding", PADDING));
        }
        if (info.offers(Capability.EVENTS)) {
            batch.append(
                    EventDraft.of("trail", PropertyMap.of("padding", PADDING)).about(id));
        }
        return batch;
    }

    /** Returns how many parts there are when all are. */
    int whole() {
        return (info.offers(Capability.KEYS) ? 2 : 0)
                + (info.offers(Capability.GRAPH) ? 1 : 0)
                + (info.offers(Capability.DOCUMENTS) ? 1 : 0)
                + (info.offers(Capability.EVENTS) ? 1 : 0);
    }

    /** Returns how many parts there are; each event counts, so that one applied twice is too many. */
    int parts(Namespace namespace) {
        int parts = 0;
        if (info.offers(Capability.KEYS)) {
            parts += namespace.keys().get(List.of("first/" + id, "last/" + id)).size();
        }
        if (info.offers(Capability.GRAPH)) {
            parts += (int) namespace.graph().history(node()).count();
        }
        if (info.offers(Capability.DOCUMENTS)) {
            parts += namespace.documents("trail").get(List.of(id)).size();
        }
        if (info.offers(Capability.EVENTS)) {
            parts += namespace
                    .events()
                    .read(EventQuery.after(EventPosition.START, 10).about(id))
                    .size();
        }
        return parts;
    }
}
