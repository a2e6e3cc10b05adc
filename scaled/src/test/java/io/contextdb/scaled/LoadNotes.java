package io.contextdb.scaled;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the workers under a fault began, and how it ended. Thread-safe. */
final class LoadNotes {
    private final Queue<CrashLog.Entry> log = new ConcurrentLinkedQueue<>();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    /** What may be there: whose operations were begun. */
    private final Set<UUID> begun = ConcurrentHashMap.newKeySet();
    /** When the removal of a point was acknowledged. */
    private final Map<UUID, Instant> removed = new ConcurrentHashMap<>();

    /**
     * A call that has ended.
     *
     * @param what it is about
     * @param from when it began
     * @param to when it ended
     * @param mayFail whether it needed the store that has the fault
     * @param failure how it failed; empty if it did not
     */
    record Call(String what, Instant from, Instant to, boolean mayFail, String failure) {
        boolean succeeded() {
            return failure.isEmpty();
        }

        Duration took() {
            return Duration.between(from, to);
        }

        /** Returns how long after its deadline it ended; negative if before. */
        Duration overdue() {
            return took().minus(mayFail ? LoadWorker.SHORT : LoadWorker.LONG);
        }
    }

    void begin(CrashOperation operation) {
        begun.add(operation.id());
        note(CrashLog.Stage.BEGUN, operation);
    }

    void done(CrashOperation operation) {
        note(CrashLog.Stage.DONE, operation);
        if (operation.kind().removes()) {
            removed.put(operation.id(), Instant.now());
        }
    }

    /** A condition failed, or it is certain that it was not applied. */
    void refused(CrashOperation operation) {
        note(CrashLog.Stage.REFUSED, operation);
    }

    private void note(CrashLog.Stage stage, CrashOperation operation) {
        log.add(new CrashLog.Entry(stage, operation, Instant.now()));
    }

    void succeeded(String what, Instant from, boolean mayFail) {
        calls.add(new Call(what, from, Instant.now(), mayFail, ""));
    }

    void failed(String what, Instant from, boolean mayFail, ContextException failure) {
        String said =
                failure.code() + (failure.outcome() == Outcome.UNKNOWN ? " (unknown): " : ": ") + failure.getMessage();
        calls.add(new Call(what, from, Instant.now(), mayFail, said));
    }

    void wrong(String what) {
        wrong.add(what);
    }

    /** Requires of a hit of a search that began at an instant that somebody put it, there, and nobody had removed it. */
    void requirePossible(UUID hit, String namespace, Instant searched) {
        Instant gone = removed.get(hit);
        if (!begun.contains(hit)) {
            wrong("a search finds what nobody wrote: " + hit);
        } else if (!new CrashOperation(CrashOperation.Kind.POINT, hit)
                .namespace()
                .equals(namespace)) {
            wrong("a search in " + namespace + " finds a point of another namespace: " + hit);
        } else if (gone != null && gone.isBefore(searched)) {
            wrong("a search finds what was removed at " + gone + ", before it began at " + searched + ": " + hit);
        }
    }

    List<CrashLog.Entry> log() {
        return List.copyOf(log);
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
