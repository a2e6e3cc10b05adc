package io.contextdb.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.scaled.CrashOperation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Threads that write and search through several drivers while a store has a fault. */
final class FaultLoad implements AutoCloseable {
    /** What a thread does; kinds that fail with different stores are not of one thread, so that none waits for another. */
    private static final List<List<Kind>> ROLES = List.of(
            List.of(Kind.WHOLE, Kind.WHOLE, Kind.WHOLE, Kind.ERASE),
            List.of(Kind.POINT, Kind.POINT, Kind.NODE, Kind.DELETE),
            List.of(Kind.KEY, Kind.EVENT));

    private final LoadNotes notes = new LoadNotes();
    private final List<LoadWorker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean troubled;
    private volatile boolean stop;

    FaultLoad(List<ContextConnection> connections, StoreFault fault, Random random) {
        for (int driver = 0; driver < connections.size(); driver++) {
            for (List<Kind> kinds : ROLES) {
                LoadWorker worker =
                        new LoadWorker(kinds, driver, connections, fault, () -> troubled, notes, random.nextLong());
                workers.add(worker);
                threads.add(Thread.ofPlatform()
                        .name("load-" + kinds.get(0) + "-" + driver)
                        .start(() -> run(worker)));
            }
        }
    }

    private void run(LoadWorker worker) {
        while (!stop) {
            try {
                worker.step();
            } catch (RuntimeException broken) {
                notes.wrong("a worker fails: " + broken);
                return;
            }
        }
    }

    /** Allows calls that begin from now on to fail if they need the store. */
    void allowFailures() {
        troubled = true;
    }

    /** Allows no call to fail that begins from now on. */
    void refuseFailures() {
        troubled = false;
    }

    LoadNotes notes() {
        return notes;
    }

    /** Waits until calls of each name that began since an instant have succeeded, through each driver. */
    void awaitEach(
            String when, Instant from, Set<String> names, Predicate<LoadNotes.Call> which, int times, Duration limit) {
        try {
            Eventually.become(
                    when, limit, () -> missing(names, which, times, from).isEmpty());
        } catch (AssertionError late) {
            List<LoadNotes.Call> last = notes.calls().stream()
                    .filter(call -> !call.succeeded() && call.from().isAfter(from))
                    .limit(20)
                    .toList();
            throw new AssertionError(
                    when + " fails for " + missing(names, which, times, from) + "; wrong: " + notes.wrong()
                            + "; failed: " + last,
                    late);
        }
    }

    private Set<String> missing(Set<String> names, Predicate<LoadNotes.Call> which, int times, Instant from) {
        var counted = notes.calls().stream()
                .filter(call -> call.succeeded() && call.from().isAfter(from) && which.test(call))
                .collect(Collectors.groupingBy(LoadNotes.Call::what, Collectors.counting()));
        return names.stream()
                .filter(name -> counted.getOrDefault(name, 0L) < times)
                .collect(Collectors.toSet());
    }

    /** Ends the writing, and finds out what became of everything. */
    void finish(Duration limit) {
        close();
        workers.forEach(worker -> worker.resolve(limit));
    }

    @Override
    public void close() {
        stop = true;
        Eventually.join(threads);
    }
}
