package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The process that answers is killed again and again under load: what was acknowledged is there, and nothing comes back. */
@Tag("slow")
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("contextdb.crash.rounds", 3);
    private static final int WRITERS = 3;
    private static final int EACH = 40;

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    @Test
    void pointsThatWereAcknowledgedAreThere() throws InterruptedException {
        Set<Integer> put = ConcurrentHashMap.newKeySet();
        Set<Integer> tried = ConcurrentHashMap.newKeySet();
        AtomicInteger numbers = new AtomicInteger();
        try (OwnServer server = new OwnServer()) {
            try (ContextConnection connection = ContextDriverManager.getConnection(server.url(""))) {
                connection.namespace("n").vectors().createSpace(VectorSpace.cosine("s", 2));
            }
            for (int round = 0; round < ROUNDS; round++) {
                try (ContextConnection connection = ContextDriverManager.getConnection(server.url(""))) {
                    underLoad(server, put, () -> {
                        int number = numbers.incrementAndGet();
                        tried.add(number);
                        connection
                                .namespace("n")
                                .vectors()
                                .put(
                                        "s",
                                        VectorPoint.builder(new UUID(0, number))
                                                .vector(1, number)
                                                .build());
                        put.add(number);
                    });
                }
                server.start();
                try (ContextConnection connection = ContextDriverManager.getConnection(server.url(""))) {
                    Set<Integer> there = connection
                            .namespace("n")
                            .vectors()
                            .scroll("s", Filter.everything())
                            .map(point -> (int) point.id().getLeastSignificantBits())
                            .collect(Collectors.toSet());
                    assertThat(there).containsAll(put);
                    assertThat(tried).containsAll(there);
                }
            }
        }
        System.out.println("crash: " + ROUNDS + " rounds, " + put.size() + " points acknowledged");
    }

    /** Runs a write on several threads until enough were acknowledged, kills the server, and lets the threads end. */
    private static void underLoad(OwnServer server, Set<?> acknowledged, Runnable write) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> writers = IntStream.range(0, WRITERS)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    while (!stop.get()) {
                        try {
                            write.run();
                        } catch (ContextTransientException lost) {
                            // The server is gone; what this write did is unknown.
                            stop.set(true);
                        }
                    }
                }))
                .toList();
        int enough = acknowledged.size() + EACH;
        Deadline deadline = soon();
        while (acknowledged.size() < enough) {
            deadline.check("writes under load");
            Thread.onSpinWait();
        }
        server.kill();
        stop.set(true);
        for (Thread writer : writers) {
            writer.join();
        }
    }

    @Test
    void copiesDoNotGoBackAndWhatTheWatermarkCoversIsThere() throws InterruptedException {
        SpaceRef space = new SpaceRef(1, NamespaceName.of("n"), VectorSpace.cosine("s", 2));
        Map<UUID, Long> acknowledged = new ConcurrentHashMap<>();
        Set<Long> versions = ConcurrentHashMap.newKeySet();
        AtomicInteger numbers = new AtomicInteger();
        try (OwnServer server = new OwnServer()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (Backend backend = server.open()) {
                    Projection projection = backend.projection().orElseThrow();
                    underLoad(server, versions, () -> {
                        long version = numbers.incrementAndGet();
                        UUID id = new UUID(0, version % 17);
                        PointState state = version % 5 == 0
                                ? PointState.deleted(id, version)
                                : PointState.of(
                                        VectorPoint.builder(id)
                                                .vector(1, version)
                                                .build(),
                                        version);
                        projection.apply(space, List.of(state), soon());
                        acknowledged.merge(id, version, Math::max);
                        // Late, and again: neither may count, before or after the crash.
                        projection.apply(space, List.of(PointState.deleted(id, version - 1), state), soon());
                        versions.add(version);
                        if (version % 10 == 0) {
                            projection.advance(projection.watermark(soon()).orElse(null), mark(version), soon());
                        }
                    });
                }
                server.start();
                try (Backend backend = server.open()) {
                    Projection projection = backend.projection().orElseThrow();
                    Map<UUID, PointVersion> there = new HashMap<>();
                    projection
                            .versions(space, PageRequest.first(), soon())
                            .items()
                            .forEach(version -> there.put(version.point(), version));
                    acknowledged.forEach(
                            (id, version) -> assertThat(there.get(id).version()).isGreaterThanOrEqualTo(version));
                    there.values()
                            .forEach(version -> assertThat(version.deleted())
                                    .as("%s", version)
                                    .isEqualTo(version.version() % 5 == 0));
                    assertThat(projection.watermark(soon())).isPresent();
                }
            }
        }
        System.out.println("crash: " + ROUNDS + " rounds, " + versions.size() + " states acknowledged twice");
    }

    private static Watermark mark(long commit) {
        return new Watermark("source", 0, new JournalPosition(commit, commit), Instant.EPOCH);
    }
}
