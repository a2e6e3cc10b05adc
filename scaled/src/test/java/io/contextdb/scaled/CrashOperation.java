package io.contextdb.scaled;

import io.contextdb.Batch;
import io.contextdb.ContextConnection;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * What one operation writes; everything in it follows from its kind and the id of what it is about, so that the check knows what to
 * look for.
 *
 * @param kind which stores it is about
 * @param id what is written; also the operation id, unless it is a deletion or an erasure
 */
record CrashOperation(Kind kind, UUID id) {
    static final String SPACE = "crash";
    static final int DIMENSIONS = 16;
    /** Where batches of several stores are written, and what is written to one store alone. */
    static final List<String> SHARED = List.of("crash-0", "crash-1", "crash-2");
    /** Where only keys and events alone are written. */
    static final String HOME_ALONE = "crash-home";

    static final List<String> NAMESPACES = List.of("crash-0", "crash-1", "crash-2", HOME_ALONE);
    /** The counter to which all batches of all stores of a namespace add 1. */
    static final String TOTAL = "total";

    /** Which stores an operation is about. */
    enum Kind {
        /** All: a node, a point, a counter, an event, and for some a key that must be absent. */
        WHOLE,
        /** The source and its copy: a point. */
        POINT,
        /** The source and its copy: the deletion of a point that was acknowledged. */
        DELETE,
        /** All: the erasure of what a batch of all stores wrote that was acknowledged. */
        ERASE,
        /** The source alone: a node. */
        NODE,
        /** A home alone: a counter. */
        KEY,
        /** A home alone: an event. */
        EVENT;

        /** Whether it is of a home alone. */
        boolean isOfHome() {
            return this == KEY || this == EVENT;
        }

        /** Whether the source decides on it and a home has a part in it. */
        boolean isOfAll() {
            return this == WHOLE || this == ERASE;
        }

        /** Whether it takes something away that another operation wrote. */
        boolean removes() {
            return this == DELETE || this == ERASE;
        }

        /** Whether there is a point after it. */
        boolean putsPoint() {
            return this == WHOLE || this == POINT;
        }
    }

    String namespace() {
        if (kind.isOfHome() && (id.getLeastSignificantBits() >>> 32 & 1) == 0) {
            return HOME_ALONE;
        }
        return SHARED.get((int) Math.floorMod(id.getLeastSignificantBits(), (long) SHARED.size()));
    }

    /** The counter that the operation adds 1 to, and nobody else does. */
    String counter() {
        return counters() + id;
    }

    /** What the names of the counters of such operations begin with. */
    String counters() {
        return kind == Kind.WHOLE ? "count/" : "alone/";
    }

    /** Whether it needs a key to be absent, which others may have put. */
    boolean hasSlot() {
        return kind == Kind.WHOLE && (id.getLeastSignificantBits() >>> 20 & 3) == 0;
    }

    String slot() {
        return "slot/" + (id.getLeastSignificantBits() >>> 24 & 0xff);
    }

    Vector vector() {
        Random random = new Random(id.getLeastSignificantBits());
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return Vector.of(vector);
    }

    void apply(ContextConnection connection, UUID operationId) {
        Batch batch = connection.namespace(namespace()).batch().operationId(operationId);
        switch (kind) {
            case WHOLE -> {
                batch.put(node());
                batch.put(SPACE, point());
                batch.increment(counter(), 1);
                batch.increment(TOTAL, 1);
                if (hasSlot()) {
                    batch.add(KeyMutation.PutKey.of(slot(), Bytes.utf8(id.toString()))
                            .onlyIf(Condition.absent()));
                }
                batch.append(event());
            }
            case POINT -> batch.put(SPACE, point());
            case DELETE -> batch.deletePoint(SPACE, id);
            case ERASE -> batch.add(new GraphMutation.Erase(List.of(id)));
            case NODE -> batch.put(node());
            case KEY -> batch.increment(counter(), 1);
            case EVENT -> batch.append(event());
        }
        batch.apply();
    }

    private NodeDraft node() {
        return NodeDraft.of(id, NodeContent.builder().label("crash").build());
    }

    private EventDraft event() {
        return EventDraft.of("crash", PropertyMap.of("id", id.toString())).about(id.toString());
    }

    private VectorPoint point() {
        return VectorPoint.builder(id).vector(vector()).build();
    }
}
