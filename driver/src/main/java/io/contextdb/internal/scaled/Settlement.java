package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextHeldException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * What to do where a namespace is held: wait a moment for whoever holds it; then ask the source, and finish what was decided; and
 * at last, if nothing was decided for long, see to it that it never will be. Nobody waits for a process that is gone. Thread-safe.
 */
final class Settlement {
    /** A writer that lives has usually finished by then. */
    private static final Duration PATIENCE = Duration.ofMillis(20);

    /** A writer that has not decided by then is taken for gone; if it is not, it tries again under another id. */
    static final Duration GIVEN_UP = Duration.ofSeconds(5);

    private static final Duration FIRST_PAUSE = Duration.ofNanos(500_000);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(20);

    private final Journal journal;
    private final Pauses pauses;

    Settlement(Journal journal, Pauses pauses) {
        this.journal = journal;
        this.pauses = pauses;
    }

    /** Makes a call to a home, again and again while the namespace is held for another batch. */
    <T> T call(Home home, NamespaceName namespace, Deadline deadline, Supplier<T> call) {
        return call(home, namespace, deadline, call, new Finish() {
            @Override
            public void part(WriteBatch part) {
                home.participant().finish(part, deadline);
            }

            @Override
            public void drop(NamespaceDrop drop) {
                home.participant().finish(drop, deadline);
            }
        });
    }

    /** How a home is given what was decided. */
    private interface Finish {
        void part(WriteBatch part);

        void drop(NamespaceDrop drop);
    }

    /** Gives a home, in one of its lives, what a committed batch has for it; what it has already it does not take twice. */
    void restore(Home home, JournalEntry entry, String life, Deadline deadline) {
        Finish restore = new Finish() {
            @Override
            public void part(WriteBatch part) {
                home.participant().restore(part, life, deadline);
            }

            @Override
            public void drop(NamespaceDrop drop) {
                home.participant().restore(drop, life, deadline);
            }
        };
        call(home, entry.namespace(), deadline, () -> give(home, entry, restore), restore);
    }

    /** Gives a home what a committed entry has for it; false if that is nothing. */
    private static boolean give(Home home, JournalEntry entry, Finish finish) {
        if (NoteForm.isDrop(entry.note())) {
            finish.drop(new NamespaceDrop(entry.namespace(), entry.operationId()));
            return true;
        }
        Optional<WriteBatch> part = part(home, entry);
        part.ifPresent(finish::part);
        return part.isPresent();
    }

    private <T> T call(Home home, NamespaceName namespace, Deadline deadline, Supplier<T> call, Finish finish) {
        for (int waits = 0; ; waits++) {
            try {
                return call.get();
            } catch (ContextHeldException held) {
                settle(home, namespace, held, waits, deadline, finish);
            }
        }
    }

    private void settle(
            Home home,
            NamespaceName namespace,
            ContextHeldException held,
            int waits,
            Deadline deadline,
            Finish finish) {
        deadline.check("waiting for another batch");
        if (held.since().compareTo(PATIENCE) < 0) {
            pause(waits, deadline);
            return;
        }
        Optional<JournalEntry> entry = journal.entry(namespace, held.operationId(), deadline);
        if (entry.isPresent()) {
            // Notes are forgotten only once every home has what they say.
            if (!give(home, entry.get(), finish)) {
                home.participant().release(namespace, held.operationId(), deadline);
            }
        } else if (held.since().compareTo(GIVEN_UP) < 0) {
            pause(waits, deadline);
        } else if (spoil(namespace, held.operationId(), deadline)) {
            home.participant().release(namespace, held.operationId(), deadline);
        }
    }

    /** Returns what a committed batch has for a home. */
    private static Optional<WriteBatch> part(Home home, JournalEntry entry) {
        List<Mutation> part = entry.note().size() == 0
                ? List.of()
                : NoteForm.read(entry.note()).getOrDefault(home.name(), List.of());
        return part.isEmpty()
                ? Optional.empty()
                : Optional.of(new WriteBatch(entry.namespace(), entry.operationId(), part));
    }

    /** Makes sure that an attempt is never decided; false if it was decided before. */
    boolean spoil(NamespaceName namespace, UUID attempt, Deadline deadline) {
        try {
            journal.apply(Attempt.spoiling(namespace, attempt), Bytes.EMPTY, deadline);
            return true;
        } catch (InvalidRequestException decided) {
            if (decided.code() == ErrorCode.OPERATION_ID_REUSED) {
                return false;
            }
            throw decided;
        }
    }

    /** Returns whether an attempt is never decided, as somebody spoilt it; changes nothing. */
    boolean isSpoilt(NamespaceName namespace, UUID attempt, Deadline deadline) {
        try {
            journal.apply(Attempt.asking(namespace, attempt), Bytes.EMPTY, deadline);
            throw new IllegalStateException("a batch was applied whose condition cannot hold");
        } catch (PreconditionFailedException unknown) {
            return false;
        } catch (InvalidRequestException known) {
            if (known.code() == ErrorCode.OPERATION_ID_REUSED) {
                return spoil(namespace, attempt, deadline);
            }
            throw known;
        }
    }

    private void pause(int waits, Deadline deadline) {
        long most = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(waits, 6));
        pauses.pause(
                Duration.ofNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1)),
                deadline,
                "another batch held the namespace");
    }
}
