package io.contextdb.backend.redis;

import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The store's part in batches that another decides (contract S6). A hold is a key of the namespace, set by the script that judged
 * the batch; every script and every read looks for it. The watermark is a key beside the namespaces: what is written after
 * something, on the same connection, reaches the file and the replicas after it (S4).
 */
final class RedisParticipant implements Participant {
    private final Session session;
    private final BatchWriter writer;
    private final RedisNamespaces namespaces;

    RedisParticipant(Session session, BatchWriter writer, RedisNamespaces namespaces) {
        this.session = session;
        this.writer = writer;
        this.namespaces = namespaces;
    }

    @Override
    public Hold hold(WriteBatch batch, Deadline deadline) {
        return writer.hold(batch, deadline);
    }

    @Override
    public WriteReceipt finish(WriteBatch batch, Deadline deadline) {
        return writer.finish(batch, session.calls(), deadline);
    }

    @Override
    public WriteReceipt restore(WriteBatch batch, String incarnation, Deadline deadline) {
        return writer.finish(batch, session.inLife(incarnation), deadline);
    }

    @Override
    public Hold hold(NamespaceDrop drop, Deadline deadline) {
        AtomicReference<String> life = new AtomicReference<>("");
        byte[] root = session.names().root(drop.namespace());
        String state = Drops.hold(drop, session.calls(life::set), deadline, root);
        return new Hold(Hold.State.valueOf(state), life.get());
    }

    @Override
    public void finish(NamespaceDrop drop, Deadline deadline) {
        namespaces.drop(drop, Drops.Purpose.FINISH, session.calls(), deadline);
    }

    @Override
    public void restore(NamespaceDrop drop, String incarnation, Deadline deadline) {
        namespaces.drop(drop, Drops.Purpose.FINISH, session.inLife(incarnation), deadline);
    }

    @Override
    public void release(NamespaceName namespace, UUID operationId, Deadline deadline) {
        Script.RELEASE.write(
                session.link(), deadline, session.names().root(namespace), OperationIds.write(operationId));
    }

    @Override
    public String incarnation(Deadline deadline) {
        return session.link().life("incarnation", deadline);
    }

    @Override
    public Optional<Watermark> watermark(Deadline deadline) {
        byte[] stored = session.link()
                .read(
                        "watermark",
                        deadline,
                        commands -> commands.get(session.names().watermark()));
        return Optional.ofNullable(stored).map(Watermarks::read);
    }

    @Override
    public boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline) {
        Calls calls = to.incarnation().isEmpty() ? session.link() : session.inLife(to.incarnation());
        List<Object> moved = Script.ADVANCE.write(
                calls, deadline, session.names().watermark(), Watermarks.write(from), Watermarks.write(to));
        return ((Number) moved.get(0)).longValue() == 1;
    }
}
