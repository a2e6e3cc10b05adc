package io.contextdb.backend.redis;

import io.contextdb.backend.redis.BatchArguments.Purpose;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Sends batches to the server, each as one script call, or plain puts of several callers as one. Thread-safe. */
final class BatchWriter {
    private final Session session;
    private final RedisNamespaces namespaces;
    private final boolean clustered;
    private final boolean remembers;
    private final PutGroups puts;

    BatchWriter(Session session, RedisNamespaces namespaces, Settings settings) {
        this.session = session;
        this.namespaces = namespaces;
        this.clustered = settings.cluster();
        this.remembers = settings.remembersOperations();
        this.puts = new PutGroups(session.names(), remembers);
    }

    WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        if (!clustered
                && batch.mutations().size() == 1
                && batch.mutations().get(0) instanceof PutKey put
                && plain(put)) {
            PutGroups.Put done = puts.put(session.calls(), batch, put, deadline);
            if (done.isDone()) {
                WriteReceipt receipt = Receipts.of(batch, done);
                session.saw(receipt.token());
                return receipt;
            }
        }
        return write(batch, Purpose.APPLY, session.calls(), deadline);
    }

    private static boolean plain(PutKey put) {
        return put.condition().kind() == Condition.Kind.ALWAYS && put.subject().isEmpty();
    }

    /** Applies a batch that another store has decided, and ends its hold. */
    WriteReceipt finish(WriteBatch batch, Calls calls, Deadline deadline) {
        return write(batch, Purpose.FINISH, calls, deadline);
    }

    /** Judges a batch and holds its namespace, which is not listed before something is written to it. */
    Participant.Hold hold(WriteBatch batch, Deadline deadline) {
        AtomicReference<String> life = new AtomicReference<>("");
        List<Object> answer = send(batch, Purpose.HOLD, true, session.calls(life::set), deadline);
        Receipts.check(batch, answer);
        return new Participant.Hold(Receipts.hold(answer), life.get());
    }

    private WriteReceipt write(WriteBatch batch, Purpose purpose, Calls calls, Deadline deadline) {
        List<Object> answer = send(batch, purpose, false, calls, deadline);
        if (Receipts.asksToRegister(answer)) {
            namespaces.register(batch.namespace(), calls, deadline);
            answer = send(batch, purpose, true, calls, deadline);
            namespaces.register(batch.namespace(), calls, deadline);
        }
        WriteReceipt receipt = Receipts.of(batch, answer);
        session.saw(receipt.token());
        return receipt;
    }

    private List<Object> send(WriteBatch batch, Purpose purpose, boolean registered, Calls calls, Deadline deadline) {
        return Script.apply(batch)
                .write(
                        calls,
                        deadline,
                        session.names().root(batch.namespace()),
                        BatchArguments.of(batch, purpose, remembers, registered, clustered));
    }
}
