package io.contextdb.scaled;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What the workers under a fault began, and how it ended. Thread-safe. */
final class LoadNotes {
    private final Queue<CrashLog.Entry> log = new ConcurrentLinkedQueue<>();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /**
     * A call that has ended.
     *
     * @param what it is about
     * @param from when it began
     * @param to when it ended
     * @param mayFail whether it needed the store that has the fault, and began before all went on after that
     * @param failure how it failed; null if it did not
     */
    record Call(
            String what,
            Instant from,
            Instant to,
            boolean mayFail,
            @Nullable ContextException failure) {
        boolean succeeded() {
            return failure == null;
        }

        /** Returns as what it failed; null if it did not. */
        @Nullable
        ErrorCode code() {
            return failure == null ? null : failure.code();
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
        note(CrashLog.Stage.BEGUN, operation);
    }

    void done(CrashOperation operation) {
        note(CrashLog.Stage.DONE, operation);
    }

    /** A condition failed, or it is certain that it was not applied. */
    void refused(CrashOperation operation) {
        note(CrashLog.Stage.REFUSED, operation);
    }

    private void note(CrashLog.Stage stage, CrashOperation operation) {
        log.add(new CrashLog.Entry(stage, operation, Instant.now()));
    }

    void succeeded(String what, Instant from, boolean mayFail) {
        calls.add(new Call(what, from, Instant.now(), mayFail, null));
    }

    void failed(String what, Instant from, boolean mayFail, ContextException failure) {
        calls.add(new Call(what, from, Instant.now(), mayFail, failure));
    }

    void wrong(String what) {
        wrong.add(what);
    }

    /** Notes a hit of a search that began at an instant. */
    void found(CrashOperation hit, Instant searched) {
        log.add(new CrashLog.Entry(CrashLog.Stage.FOUND, hit, searched));
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
