package io.contextdb.backend.memory;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The part of a store in memory in batches that another store decides. */
record MemoryParticipant(Session session) implements Participant {
    /** What is in memory is lost with the process only. */
    @Override
    public String incarnation(Deadline deadline) {
        return session.store().life();
    }

    @Override
    public Optional<Watermark> watermark(Deadline deadline) {
        session.checkOpen("watermark", deadline);
        return Optional.ofNullable(session.store().participantMark().get());
    }

    @Override
    public boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline) {
        session.checkOpen("advance", deadline);
        if (!to.incarnation().isEmpty()) {
            checkLife(to.incarnation());
        }
        AtomicReference<@Nullable Watermark> mark = session.store().participantMark();
        Watermark now = mark.get();
        return Objects.equals(now, from) && mark.compareAndSet(now, to);
    }

    @Override
    public Hold hold(WriteBatch batch, Deadline deadline) {
        session.check("hold", deadline);
        Bytes digest = batch.digest();
        Hold.State state = session.store().in(batch.namespace(), namespace -> namespace.hold(batch, digest, deadline));
        return new Hold(state, session.store().life());
    }

    @Override
    public WriteReceipt finish(WriteBatch batch, Deadline deadline) {
        session.check("finish", deadline);
        return finished(batch, deadline);
    }

    @Override
    public WriteReceipt restore(WriteBatch batch, String incarnation, Deadline deadline) {
        session.checkOpen("restore", deadline);
        checkLife(incarnation);
        return finished(batch, deadline);
    }

    private void checkLife(String incarnation) {
        if (!incarnation.equals(session.store().life())) {
            throw new ContextUnavailableException("the store lives another life than " + incarnation);
        }
    }

    private WriteReceipt finished(WriteBatch batch, Deadline deadline) {
        Bytes digest = batch.digest();
        return session.store().in(batch.namespace(), namespace -> namespace.finish(batch, digest, deadline));
    }

    @Override
    public Hold hold(NamespaceDrop drop, Deadline deadline) {
        session.check("hold", deadline);
        Hold.State state = session.store().in(drop.namespace(), namespace -> namespace.hold(drop, deadline));
        return new Hold(state, session.store().life());
    }

    @Override
    public void finish(NamespaceDrop drop, Deadline deadline) {
        session.check("finish", deadline);
        finished(drop, deadline);
    }

    @Override
    public void restore(NamespaceDrop drop, String incarnation, Deadline deadline) {
        session.checkOpen("restore", deadline);
        checkLife(incarnation);
        finished(drop, deadline);
    }

    private void finished(NamespaceDrop drop, Deadline deadline) {
        session.store().in(drop.namespace(), namespace -> namespace.finish(drop, deadline));
        session.store().droppedNow(drop.namespace());
    }

    @Override
    public void release(NamespaceName namespace, UUID operationId, Deadline deadline) {
        session.checkOpen("release", deadline);
        Namespace held = session.store().namespaces().get(namespace);
        if (held != null) {
            held.release(operationId, deadline);
        }
    }
}
