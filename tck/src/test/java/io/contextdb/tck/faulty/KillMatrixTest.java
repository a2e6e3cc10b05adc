package io.contextdb.tck.faulty;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextDriverManager;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.tck.faulty.Trial.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The kit sees every defect, by a test that names a statement which the defect violates. The matrix of defects and the tests
 * that saw them is in {@code target/contextdb-tck/kill-matrix.md}; with {@code -Dcontextdb.kit.matrix=statements} every
 * test of a statement meets every defect that violates it, with {@code full} every test meets every defect, and the tests that
 * see none are listed. {@code -Dcontextdb.kit.defects=a,b} tries some defects only.
 */
@Tag("slow")
class KillMatrixTest {
    /** Defects that no test can see, and why. */
    private static final Map<String, String> UNSEEN = Map.of(
            "closing-twice-fails", "the driver closes a backend once, however often it is closed itself",
            "emptied-collections-listed", "the driver has no call that lists collections");

    private static final Map<String, Defect> DEFECTS = Defects.all();
    private static final FaultyBackends BACKENDS =
            new FaultyBackends(new MemoryBackendProvider(), with(DEFECTS, Defects.NONE));

    /** What the trials run with unless something else is asked for: one seed for all, a small set for recall, and few texts. */
    private static final Map<String, String> SETTINGS =
            Map.of("contextdb.seed", "20260101", "contextdb.tck.recall", "2000", "contextdb.kit.texts", "600");

    private static final List<String> SET = new ArrayList<>();

    private static Map<String, Defect> with(Map<String, Defect> defects, Defect none) {
        Map<String, Defect> all = new java.util.HashMap<>(defects);
        all.put(none.id(), none);
        return all;
    }

    @BeforeAll
    static void repeatable() {
        ContextDriverManager.register(BACKENDS);
        SETTINGS.forEach((name, value) -> {
            if (System.getProperties().putIfAbsent(name, value) == null) {
                SET.add(name);
            }
        });
    }

    @AfterAll
    static void asBefore() {
        ContextDriverManager.deregister(BACKENDS);
        SET.forEach(System::clearProperty);
    }

    @Test
    void everyDefectIsSeenByATestOfWhatItViolates() throws IOException, InterruptedException {
        Extent extent = Extent.valueOf(
                System.getProperty("contextdb.kit.matrix", "first").toUpperCase(Locale.ROOT));
        Trial healthy = Trial.of(Defects.NONE, Extent.FULL);
        assertThat(healthy.killers()).as("what fails without a defect").isEmpty();

        List<Trial> trials = trials(chosen(), extent);

        KillMatrix matrix = new KillMatrix(trials, extent == Extent.FIRST ? List.of() : healthy.passed(), UNSEEN);
        matrix.write();
        assertThat(BACKENDS.mistakes()).as("mistakes of the defects themselves").isEmpty();
        assertThat(matrix.survivors())
                .as("defects that no test of the violated statements sees")
                .isSubsetOf(UNSEEN.keySet());
        assertThat(trials)
                .filteredOn(Trial::isKilled)
                .extracting(trial -> trial.defect().id())
                .doesNotContainAnyElementsOf(UNSEEN.keySet());
    }

    private static Collection<Defect> chosen() {
        String some = System.getProperty("contextdb.kit.defects", "");
        return some.isEmpty()
                ? DEFECTS.values()
                : Stream.of(some.split(",")).map(DEFECTS::get).toList();
    }

    /** Tries a defect; a race that does not happen is given two more chances. */
    private static Trial trial(Defect defect, Extent extent) {
        Trial trial = Trial.of(defect, extent);
        for (int again = 0; again < 2 && !trial.isKilled() && !UNSEEN.containsKey(defect.id()); again++) {
            trial = Trial.of(defect, extent);
        }
        return trial;
    }

    /** Tries defects on every processor; each worker has a thread group of its own, because a test counts its threads. */
    private static List<Trial> trials(Collection<Defect> defects, Extent extent) throws InterruptedException {
        List<Callable<Trial>> tasks = defects.stream()
                .map(defect -> (Callable<Trial>) () -> trial(defect, extent))
                .toList();
        int workers = Runtime.getRuntime().availableProcessors();
        try (ExecutorService executor =
                Executors.newFixedThreadPool(workers, work -> new Thread(new ThreadGroup("trials"), work, "trials"))) {
            List<Trial> trials = new ArrayList<>();
            for (Future<Trial> trial : executor.invokeAll(tasks)) {
                trials.add(trial.get());
            }
            return trials;
        } catch (ExecutionException failed) {
            throw new AssertionError("a trial could not be held", failed.getCause());
        }
    }
}
