package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextHeldException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteBatch;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What of the part in another store's batches depends on the server (contract S4, S6). */
class ParticipantTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final Watermark MARK =
            new Watermark("source", 1, new JournalPosition(2, 3), Instant.parse("2026-01-02T03:04:05Z"));

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static WriteBatch batch(String value) {
        return WriteBatch.of(N, List.of(KeyMutation.PutKey.of("k", Bytes.utf8(value))));
    }

    private static void read(Backend backend) {
        backend.keys().get(new ReadScope(N, soon(), CommitToken.NONE), List.of("k"));
    }

    @Test
    void aHoldAndAWatermarkSurviveACrashAsDataDoes() {
        WriteBatch batch = batch("decided");
        try (OwnServer server = new OwnServer("--appendonly", "yes", "--appendfsync", "always")) {
            try (Backend backend = TestServer.open(server.url(""))) {
                backend.apply(batch("before"), soon());
                backend.participant().orElseThrow().advance(null, MARK, soon());
                backend.participant().orElseThrow().hold(batch, soon());
                assertThat(server.<List<Long>>raw(redis ->
                                redis.keys("*:hold").stream().map(redis::ttl).toList()))
                        .as("a hold does not end by time")
                        .containsExactly(-1L);
            }
            server.kill();
            server.start();
            try (Backend backend = TestServer.open(server.url(""))) {
                Participant participant = backend.participant().orElseThrow();
                assertThat(participant.watermark(soon())).contains(MARK);
                assertThatThrownBy(() -> read(backend)).isInstanceOf(ContextHeldException.class);
                participant.finish(batch, soon());
                read(backend);
            }
        }
    }

    /** What was judged without a batch that was decided, or what that overwrites when it comes again, would be wrong for ever. */
    @Test
    void aHomeThatLostItsLastWritesServesOnceItHasThemAgain() {
        WriteBatch decided = batch("decided");
        try (OwnServer server = new OwnServer();
                Backend backend = TestServer.open(server.url("home=true"))) {
            Participant participant = backend.participant().orElseThrow();
            String first = participant.incarnation(soon());
            participant.advance(null, mark(first), soon());
            backend.apply(batch("before"), soon());
            server.raw(redis -> redis.save());
            participant.hold(decided, soon());
            participant.finish(decided, soon());
            server.kill();
            server.start();

            ReadScope scope = new ReadScope(N, Deadline.after(Duration.ofMillis(500)), CommitToken.NONE);
            assertThatThrownBy(() -> backend.keys().get(scope, List.of("k")))
                    .isInstanceOf(ContextTransientException.class);
            String second = participant.incarnation(soon());
            assertThat(second).isNotEqualTo(first);
            assertThatThrownBy(() -> participant.restore(decided, first, soon()))
                    .isInstanceOf(ContextUnavailableException.class);
            assertThatThrownBy(() -> participant.advance(mark(first), mark(first), soon()))
                    .isInstanceOf(ContextUnavailableException.class);
            participant.restore(decided, second, soon());
            assertThat(participant.advance(mark(first), mark(second), soon())).isTrue();

            assertThat(backend.keys()
                            .get(new ReadScope(N, soon(), CommitToken.NONE), List.of("k"))
                            .get(0)
                            .value()
                            .utf8())
                    .isEqualTo("decided");
        }
    }

    private static Watermark mark(String incarnation) {
        return new Watermark(MARK.source(), MARK.epoch(), MARK.position(), MARK.at(), incarnation, null);
    }

    @Test
    void aClusterIsNoHome() {
        assertThatThrownBy(() -> TestServer.open("contextdb:redis://127.0.0.1:1?cluster=true&home=true"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("home");
    }

    @Test
    void anEmptiedStoreHasNoWatermark() {
        try (OwnServer server = new OwnServer();
                Backend backend = TestServer.open(server.url(""))) {
            Participant participant = backend.participant().orElseThrow();
            assertThat(participant.watermark(soon())).isEmpty();
            participant.advance(null, MARK, soon());
            assertThat(participant.watermark(soon())).contains(MARK);

            server.raw(redis -> redis.flushall());

            assertThat(participant.watermark(soon())).isEmpty();
        }
    }

    @Test
    void whoCannotTakePartSaysWhy() {
        try (OwnServer server = new OwnServer();
                Backend forgetful = TestServer.open(server.url("rememberOperations=false"))) {
            refused(forgetful, "rememberOperations=true");
        }
        try (OwnServer server = new OwnServer("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
                Backend evicting = TestServer.open(server.url(""))) {
            refused(evicting, "evicts no keys");
        }
        try (OwnServer server = new OwnServer("--cluster-enabled", "yes")) {
            server.raw(redis -> redis.clusterAddSlots(
                    IntStream.range(0, SlotHash.SLOT_COUNT).toArray()));
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!server.<Boolean>raw(redis -> redis.clusterInfo().contains("cluster_state:ok"))) {
                assertThat(System.nanoTime() - end).as("patience").isNegative();
                Thread.onSpinWait();
            }
            try (Backend clustered = TestServer.open(server.url("cluster=true"))) {
                refused(clustered, "single primary");
            }
        }
    }

    private static void refused(Backend backend, String why) {
        assertThatThrownBy(backend::participant)
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining(why);
    }

    @Test
    void everyStepIsOneRoundTrip() {
        TestServer server = TestServer.get();
        try (FaultProxy proxy = server.proxy();
                Backend backend = TestServer.open(server.through(proxy, TestServer.prefix("parts")))) {
            Participant participant = backend.participant().orElseThrow();
            backend.apply(batch("before"), soon());
            Map<String, Long> trips = new LinkedHashMap<>();
            // The server meets each script once before it is counted.
            for (int round = 0; round < 2; round++) {
                WriteBatch finished = batch("finished");
                WriteBatch released = batch("released");
                Map<String, Runnable> steps = new LinkedHashMap<>();
                steps.put("hold", () -> participant.hold(finished, soon()));
                steps.put("finish", () -> participant.finish(finished, soon()));
                steps.put("hold another", () -> participant.hold(released, soon()));
                steps.put("release", () -> participant.release(N, released.operationId(), soon()));
                steps.put("advance", () -> participant.advance(null, MARK, soon()));
                steps.put("watermark", () -> participant.watermark(soon()));
                steps.forEach((name, step) -> {
                    long before = proxy.turns();
                    step.run();
                    trips.put(name, proxy.turns() - before);
                });
            }

            assertThat(trips).hasSize(6);
            assertThat(trips.values()).containsOnly(1L);
        }
    }
}
