package io.contextdb.tck.crash;

import io.contextdb.Batch;
import io.contextdb.Namespace;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;

/**
 * What one writer writes in one step, over all five models; everything in it follows from the writer and the step, so that
 * the checker knows what to look for.
 *
 * @param writer number of the writing thread
 * @param step number of its batch, from 0
 */
record CrashBatch(int writer, long step) {
    static final String SPACE = "crash";
    static final String COLLECTION = "crash";
    static final int DIMENSIONS = 16;
    static final String COUNTER = "counter";

    /** Nodes per batch vary, so that batches of several sizes are cut through. */
    int size() {
        return 1 + (int) (step % 7);
    }

    UUID node(int index) {
        return id("node", index);
    }

    UUID edge(int index) {
        return id("edge", index);
    }

    String key() {
        return "batch-" + writer + "-" + step;
    }

    /** A word that only this point's text has. */
    String word(int index) {
        return "w" + writer + "x" + step + "x" + index;
    }

    float[] vector(int index) {
        Random random = new Random(node(index).getMostSignificantBits());
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    void apply(Namespace namespace) {
        Batch batch = namespace.batch();
        for (int i = 0; i < size(); i++) {
            batch.put(NodeDraft.of(
                    node(i),
                    NodeContent.builder()
                            .label("crash")
                            .property("writer", writer)
                            .property("step", step)
                            .build()));
            batch.put(EdgeDraft.of(edge(i), EdgeContent.of(node(i), "next", node(Math.max(0, i - 1)))));
            batch.put(
                    SPACE,
                    VectorPoint.builder(node(i))
                            .vector(vector(i))
                            .text(word(i) + " written by " + writer)
                            .property("writer", writer)
                            .build());
        }
        batch.put(key(), Bytes.utf8(Long.toString(step)));
        batch.increment(COUNTER, 1);
        batch.append(EventDraft.of("crash", PropertyMap.of("writer", writer, "step", step))
                .about(key()));
        batch.put(COLLECTION, key(), PropertyMap.of("writer", writer, "step", step));
        batch.apply();
    }

    private UUID id(String kind, int index) {
        return UUID.nameUUIDFromBytes(
                (kind + "/" + writer + "/" + step + "/" + index).getBytes(StandardCharsets.UTF_8));
    }
}
