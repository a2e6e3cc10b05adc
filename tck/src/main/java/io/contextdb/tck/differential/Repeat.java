package io.contextdb.tck.differential;

import io.contextdb.Batch;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.List;
import java.util.Optional;

/**
 * Applies an earlier batch again under its operation id, or another batch under it.
 *
 * @param back which one, counted from the latest, from 0
 * @param changed whether something was added to it, which must be refused
 */
record Repeat(int back, boolean changed) implements Action {
    private static final String KEY = "added";

    @Override
    public Object run(Side side) {
        Optional<WriteBatch> earlier = side.batch(back);
        if (earlier.isEmpty()) {
            return "nothing to repeat";
        }
        Batch batch = side.namespace().batch().operationId(earlier.get().operationId());
        earlier.get().mutations().forEach(batch::add);
        if (changed) {
            batch.put(KEY, Bytes.utf8("x"));
        }
        WriteReceipt first = side.receipt(back).orElseThrow().value();
        try {
            WriteReceipt again = batch.apply();
            boolean same = again.token().equals(first.token())
                    && again.committedAt().equals(first.committedAt())
                    && withoutClaims(again).equals(withoutClaims(first));
            return (same ? "the first receipt" : "another receipt") + claimed(side, again);
        } catch (ContextException refused) {
            return View.error(refused);
        }
    }

    private static List<MutationResult> withoutClaims(WriteReceipt receipt) {
        return receipt.results().stream()
                .filter(result -> !(result instanceof MutationResult.Claimed))
                .toList();
    }

    /** Claimed events are as they are now, and not as they were. */
    private static List<String> claimed(Side side, WriteReceipt receipt) {
        return receipt.results().stream()
                .filter(MutationResult.Claimed.class::isInstance)
                .map(MutationResult.Claimed.class::cast)
                .flatMap(claimed -> claimed.deliveries().stream())
                .map(side.view()::delivery)
                .toList();
    }

    @Override
    public String java(Side side) {
        return side.receipt(back)
                .map(receipt -> "// once more, with operationId(" + receipt.java() + ".operationId())"
                        + (changed ? " and .put(\"" + KEY + "\", Bytes.utf8(\"x\")) added" : "") + ": the batch of "
                        + receipt.java())
                .orElse("// nothing to repeat");
    }
}
