package io.contextdb.tck.fault;

import io.contextdb.Batch;
import io.contextdb.ContextConnection;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.write.WriteReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writes trails through a faulty network and keeps what it was told of each. Not thread-safe. */
final class TrailWriter {
    /** What the writer knows of a batch. */
    private record Told(Trail trail, UUID operationId, Optional<WriteReceipt> receipt, Outcome outcome) {}

    private final BackendInfo info;
    private final String namespace;
    private final String name;
    private final List<Told> told = new ArrayList<>();

    TrailWriter(BackendInfo info, String namespace, String name) {
        this.info = info;
        this.namespace = namespace;
        this.name = name;
    }

    /** Writes one batch; every failure must be one that the contract allows under faults. Returns whether it was acknowledged. */
    boolean write(ContextConnection connection) {
        Trail trail = new Trail(info, name + "." + told.size());
        Batch batch = trail.addTo(connection.namespace(namespace).batch());
        UUID operationId = batch.build().operationId();
        try {
            told.add(new Told(trail, operationId, Optional.of(batch.apply()), Outcome.UNKNOWN));
            return true;
        } catch (ContextTransientException failed) {
            told.add(new Told(trail, operationId, Optional.empty(), failed.outcome()));
            return false;
        }
    }

    /** Returns how many batches were acknowledged. */
    long acknowledged() {
        return told.stream().filter(batch -> batch.receipt().isPresent()).count();
    }

    /**
     * Compares what was told with what is there, repeats what is unknown, and returns how many batches are there in the end.
     *
     * @param direct the namespace, without a proxy
     */
    long settle(Namespace direct) {
        long applied = 0;
        for (Told batch : told) {
            int whole = batch.trail().whole();
            int parts = batch.trail().parts(direct);
            require(parts == 0 || parts == whole, batch, "is there in part: " + parts + " of " + whole);
            if (batch.receipt().isPresent()) {
                require(parts == whole, batch, "was acknowledged and is gone");
                require(again(direct, batch).equals(batch.receipt().get()), batch, "has another receipt now");
                applied++;
            } else if (batch.outcome() == Outcome.NOT_APPLIED) {
                require(parts == 0, batch, "is there, though it was said not to be");
            } else {
                again(direct, batch);
                require(batch.trail().parts(direct) == whole, batch, "was repeated and is not there once");
                applied++;
            }
        }
        return applied;
    }

    private static WriteReceipt again(Namespace direct, Told batch) {
        return batch.trail()
                .addTo(direct.batch().operationId(batch.operationId()))
                .apply();
    }

    private static void require(boolean holds, Told batch, String problem) {
        if (!holds) {
            throw new AssertionError("batch " + batch.trail().id() + " " + problem);
        }
    }
}
