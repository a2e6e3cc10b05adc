package io.contextdb.tck.differential;

import io.contextdb.Batch;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A batch.
 *
 * @param mutations what it changes
 * @param thenExpires whether it ends with a pause, in which what lives for a millisecond expires
 */
record Write(List<Symbol<Mutation>> mutations, boolean thenExpires) implements Action {
    private static final long PAUSE_MILLIS = 5;

    @Override
    public Object run(Side side) {
        Batch batch = side.namespace().batch();
        mutations.forEach(mutation -> batch.add(mutation.on(side)));
        WriteBatch built = batch.build();
        WriteReceipt receipt;
        try {
            receipt = batch.apply();
        } catch (ContextException failed) {
            return error(built, failed);
        }
        side.applied(built, receipt);
        List<String> answer = new ArrayList<>();
        for (int i = 0; i < receipt.results().size(); i++) {
            answer.add(
                    shown(side, i, built.mutations().get(i), receipt.results().get(i)));
        }
        answer.add(side.inOrder() ? "later than the last" : "not later than the last");
        if (thenExpires) {
            pause();
        }
        return answer;
    }

    /** The contract does not say which fault of an edge is named that has new end points, of which one is absent. */
    private static String error(WriteBatch batch, ContextException failed) {
        boolean either = (failed.code() == ErrorCode.NOT_FOUND || failed.code() == ErrorCode.INVALID_REQUEST)
                && batch.mutations().stream().anyMatch(GraphMutation.PutEdge.class::isInstance);
        return either ? "InvalidRequestException INVALID_REQUEST or NOT_FOUND" : View.error(failed);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the name under which the versions of a key are kept. */
    static String key(String key) {
        return "key " + key;
    }

    /** Returns the name under which the versions of a document are kept. */
    static String document(String collection, String id) {
        return "document " + collection + " " + id;
    }

    private static String entity(Mutation mutation) {
        return switch (mutation) {
            case KeyMutation change -> key(change.key());
            case DocumentMutation.PutDocument put -> document(put.collection(), put.id());
            case DocumentMutation.PatchDocument patch -> document(patch.collection(), patch.id());
            case DocumentMutation.DeleteDocument delete -> document(delete.collection(), delete.id());
            default -> "";
        };
    }

    private static String shown(Side side, int index, Mutation mutation, MutationResult result) {
        String entity = entity(mutation);
        return switch (result) {
            case MutationResult.Done done -> "done";
            case MutationResult.Written written -> {
                side.wrote(entity, index, "Written", written.version());
                yield "written " + version(side, entity, written.version());
            }
            case MutationResult.Counter counter -> {
                side.wrote(entity, index, "Counter", counter.version());
                yield "counter " + counter.value() + " " + version(side, entity, counter.version());
            }
            case MutationResult.Skipped skipped -> "skipped at " + version(side, entity, skipped.currentVersion());
            case MutationResult.Existing existing -> "existing " + existing.id() + " " + existing.version();
            case MutationResult.Removed removed -> "removed " + removed.count();
            case MutationResult.Permits permits ->
                (permits.allowed() ? "allowed, remaining " : "refused, remaining ")
                        + permits.remaining()
                        + (permits.retryAfter().isZero() ? "" : ", later");
            case MutationResult.Appended appended -> {
                side.appended(index, appended.position());
                yield "appended " + side.event(appended.position());
            }
            case MutationResult.Claimed claimed ->
                "claimed "
                        + claimed.deliveries().stream()
                                .map(side.view()::delivery)
                                .toList();
        };
    }

    /** Versions of nodes and edges are the contract's, those of keys and documents the store's. */
    private static String version(Side side, String entity, long version) {
        return entity.isEmpty() ? Long.toString(version) : side.version(entity, version);
    }

    @Override
    public String java(Side side) {
        return mutations.stream()
                        .map(mutation -> "\n        .add(" + mutation.java(side) + ")")
                        .collect(Collectors.joining(
                                "", "WriteReceipt " + side.nextReceipt() + " = " + side.variable() + ".batch()", ""))
                + "\n        .apply();" + (thenExpires ? "\nThread.sleep(" + PAUSE_MILLIS + ");" : "");
    }

    @Override
    public List<Action> smaller() {
        List<Action> smaller = new ArrayList<>();
        for (int i = 0; i < mutations.size() && mutations.size() > 1; i++) {
            List<Symbol<Mutation>> fewer = new ArrayList<>(mutations);
            fewer.remove(i);
            smaller.add(new Write(fewer, thenExpires));
        }
        return smaller;
    }
}
