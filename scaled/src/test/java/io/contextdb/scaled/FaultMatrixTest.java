package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.CopyReport;
import io.contextdb.spi.Health;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault of every store, while two drivers write and search: only what needs the store fails, from the begin of the fault until all
 * goes on after it, no call outlives its deadline, no search is wrong, and afterwards everything that was acknowledged is there once,
 * nothing is half, and nothing differs.
 */
@Tag("slow")
class FaultMatrixTest {
    private static final long SEED = Long.getLong("contextdb.seed", System.nanoTime());
    private static final Pattern CHOSEN = Pattern.compile(System.getProperty("contextdb.fault", ""));
    private static final Duration LASTS = Duration.ofMillis(Integer.getInteger("contextdb.fault.millis", 2_000));
    private static final Duration AGAIN = Duration.ofMillis(150);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** A call may take a second more than its deadline; the rest is for a machine that is busy with other things. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private static final int TIMES = 2;
    /** One that fails every other time then, or more often, does not get so far without a failure. */
    private static final int TIMES_AFTERWARDS = 5;

    private static final Map<String, CopyReport> SAME = Map.of("vectors", new CopyReport(0, 0, 0));

    private static FaultyStores stores;

    @BeforeAll
    static void start() {
        System.out.println("fault matrix: seed " + SEED);
        stores = new FaultyStores(SEED);
    }

    @AfterAll
    static void stop() {
        if (stores != null) {
            stores.close();
        }
    }

    static Stream<StoreFault> faults() {
        return StoreFault.all().stream()
                .filter(fault -> CHOSEN.matcher(fault.toString()).find());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void nothingIsLostOrWrongAndOnlyWhatNeedsTheStoreFails(StoreFault fault) {
        List<ContextConnection> connections = new ArrayList<>();
        try {
            String name = "faults_" + Long.toString(System.nanoTime(), 36);
            for (int driver = 0; driver < FaultyStores.DRIVERS; driver++) {
                connections.add(ContextDriverManager.getConnection(stores.url(name, driver))
                        .withTimeout(LIMIT));
            }
            CrashOperation.NAMESPACES.forEach(namespace -> connections
                    .get(0)
                    .namespace(namespace)
                    .vectors()
                    .createSpace(VectorSpace.cosine(CrashOperation.SPACE, CrashOperation.DIMENSIONS)));
            run(fault, connections);
        } finally {
            connections.forEach(ContextConnection::close);
        }
    }

    private static void run(StoreFault fault, List<ContextConnection> connections) {
        try (FaultLoad load = new FaultLoad(connections, fault, new Random(SEED))) {
            Set<String> all =
                    names(Stream.concat(Stream.of(CrashOperation.Kind.values()).map(Enum::name), Stream.of("SEARCH")));
            load.awaitEach("everything goes on before the fault", Instant.EPOCH, all, call -> true, TIMES, LIMIT);
            load.allowFailures();
            Instant allowed = Instant.now();
            load.awaitEach("what began before has ended", allowed, all, call -> true, TIMES, LIMIT);
            Set<String> unconcerned = load.notes().calls().stream()
                    .filter(call -> call.from().isAfter(allowed) && !call.mayFail())
                    .map(LoadNotes.Call::what)
                    .collect(Collectors.toSet());
            Instant from = Instant.now();
            try {
                fault.begin().accept(stores);
                Instant begun = Instant.now();
                last(fault);
                load.awaitEach(
                        "what does not need the store goes on",
                        begun,
                        unconcerned,
                        call -> !call.mayFail(),
                        TIMES,
                        LIMIT);
                // The last driver is the one that does not reach the store where the others do.
                ContextConnection cutOff =
                        connections.get(connections.size() - 1).withTimeout(LoadWorker.SHORT);
                fault.health()
                        .ifPresent(status -> Eventually.become(
                                "health says " + status,
                                LIMIT,
                                () -> cutOff.health().status() == status));
            } finally {
                fault.end().accept(stores);
            }
            Instant to = Instant.now();
            load.awaitEach("everything goes on after the fault", to, all, call -> true, TIMES, LIMIT);
            Duration recovered = Duration.between(to, Instant.now());
            load.refuseFailures();
            load.awaitEach(
                    "everything goes on without a failure",
                    Instant.now(),
                    all,
                    call -> !call.mayFail(),
                    TIMES_AFTERWARDS,
                    LIMIT);
            load.finish(LIMIT);
            report(fault, load.notes(), recovered);
            require(fault, load.notes());
            connections.forEach(connection -> Lag.awaitNone(connection, LIMIT));
            for (String namespace : CrashOperation.NAMESPACES) {
                new CrashCheck(
                                connections.get(0).namespace(namespace),
                                load.notes().log())
                        .run(at -> fault.mayLose(at, from, to));
            }
            for (ContextConnection connection : connections) {
                assertThat(connection.verify().copies()).isEqualTo(SAME);
                Eventually.become(
                        "health says that all is well",
                        LIMIT,
                        () -> connection.health().status() == Health.Status.UP);
            }
        }
    }

    private static Set<String> names(Stream<String> calls) {
        return calls.flatMap(call -> Stream.iterate(0, driver -> driver < FaultyStores.DRIVERS, driver -> driver + 1)
                        .map(driver -> call + " through " + driver))
                .collect(Collectors.toSet());
    }

    /** How long a fault lasts is the test's subject. */
    private static void last(StoreFault fault) {
        for (Instant end = Instant.now().plus(LASTS); Instant.now().isBefore(end); ) {
            Eventually.pause(AGAIN);
            fault.again().accept(stores);
        }
    }

    private static void require(StoreFault fault, LoadNotes notes) {
        assertThat(notes.wrong()).as("wrong answers").isEmpty();
        assertThat(notes.calls().stream().filter(call -> !call.succeeded() && !call.mayFail()))
                .as(
                        "failures of what does not need the store, or needs it before it has the fault or after all went on")
                .isEmpty();
        assertThat(notes.calls().stream()
                        .filter(call -> !call.mayFail() && call.took().compareTo(LoadWorker.LONG.dividedBy(2)) >= 0))
                .as("calls that waited for a store that they do not need, or that had no fault")
                .isEmpty();
        assertThat(notes.calls().stream().filter(call -> !call.succeeded()))
                .as("how calls fail")
                .allMatch(call -> fault.failures().contains(call.code()));
        assertThat(notes.calls().stream().filter(call -> call.overdue().compareTo(LATE) > 0))
                .as("calls that outlive their deadlines")
                .isEmpty();
    }

    private static void report(StoreFault fault, LoadNotes notes, Duration recovered) {
        List<LoadNotes.Call> calls = notes.calls();
        System.out.printf(
                "fault matrix: %s: %d calls, %d failed, longest %d ms, %d more than 1 s late; all went on %d ms after it%n",
                fault,
                calls.size(),
                calls.stream().filter(call -> !call.succeeded()).count(),
                calls.stream().mapToLong(call -> call.took().toMillis()).max().orElse(0),
                calls.stream()
                        .filter(call -> call.overdue().compareTo(Duration.ofSeconds(1)) > 0)
                        .count(),
                recovered.toMillis());
    }
}
