package io.contextdb.tck.differential;

import io.contextdb.Batch;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
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
            return batch.apply().equals(first) ? "the first receipt" : "another receipt";
        } catch (ContextException refused) {
            return View.error(refused);
        }
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
