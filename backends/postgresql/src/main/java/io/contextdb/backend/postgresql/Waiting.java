package io.contextdb.backend.postgresql;

import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A batch whose caller waits for its outcome. */
final class Waiting {
    final WriteBatch batch;
    final Bytes digest;
    /** What its entry in the journal keeps; empty if nothing. */
    final Bytes note;

    /** Keys that keep it from being applied. */
    final List<Veto> vetoes;

    final Deadline deadline;
    final long bytes;
    /** Whether the server must be asked in the middle of it; then it shares its transaction with no other. */
    final boolean alone;

    final CompletableFuture<WriteReceipt> outcome = new CompletableFuture<>();
    /** Set once, by whoever writes it, or by the caller that gives up before. */
    final AtomicBoolean taken = new AtomicBoolean();

    Waiting(WriteBatch batch, Bytes note, List<Veto> vetoes, Deadline deadline) {
        this.batch = batch;
        this.note = note;
        this.vetoes = List.copyOf(vetoes);
        this.digest = batch.digest();
        this.deadline = deadline;
        this.bytes = batch.estimatedBytes() + note.size();
        this.alone = batch.mutations().stream().anyMatch(ServerChanges::does);
    }

    Iterable<Mutation> mutations() {
        return batch.mutations();
    }
}
