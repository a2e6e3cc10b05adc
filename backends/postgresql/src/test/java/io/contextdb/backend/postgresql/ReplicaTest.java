package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads from a standby, which may be behind (contract G7). One that stands still shows by what it misses that it was asked. */
@Tag("slow")
class ReplicaTest {
    private static final NamespaceName N = NamespaceName.of("n");

    /** The newest commit of all writers. */
    private final AtomicReference<CommitToken> newest = new AtomicReference<>(CommitToken.NONE);

    private ServerPair servers;
    private Backend backend;
    /** Another process, by which the first one learns nothing. */
    private Backend other;

    @BeforeEach
    void start() {
        servers = ServerPair.start("replica");
        String url = servers.url(TestServer.schema("replica"));
        backend = TestServer.open(url + "&replicas=prefer");
        other = TestServer.open(url);
    }

    @AfterEach
    void stop() {
        other.close();
        backend.close();
        servers.close();
    }

    private static WriteReceipt put(Backend writer, UUID id, int n) {
        return apply(
                writer,
                N,
                new GraphMutation.PutNode(
                        NodeDraft.of(id, NodeContent.builder().property("n", n).build()),
                        Condition.none(),
                        GraphMutation.Fingerprints.SHARED));
    }

    private static WriteReceipt apply(Backend writer, NamespaceName namespace, Mutation mutation) {
        return writer.apply(WriteBatch.of(namespace, List.of(mutation)), Deadline.after(Duration.ofSeconds(30)));
    }

    private static ReadScope scope(NamespaceName namespace, CommitToken token) {
        return new ReadScope(namespace, Deadline.after(Duration.ofSeconds(30)), token);
    }

    private List<Long> scan(CommitToken token) {
        return versions(backend.graph()
                .scan(scope(N, token), NodeQuery.of(Filter.everything()))
                .items());
    }

    private static List<Long> versions(List<Node> nodes) {
        return nodes.stream().map(Node::version).toList();
    }

    /** Waits until the standby has replayed all that there is, and lets it stand still. */
    private void pauseStandby() throws SQLException {
        awaitStandby();
        ServerPair.execute(servers.standby(), "SELECT pg_wal_replay_pause()");
        while (!ServerPair.ask(servers.standby(), "SELECT pg_get_wal_replay_pause_state() = 'paused'")) {
            ServerPair.pause();
        }
    }

    private void awaitStandby() throws SQLException {
        servers.await("SELECT count(*) = 1 FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()");
    }

    @Test
    void listsComeFromTheStandbyAndEventsAndWhatIsAskedByIdFromThePrimary() throws Exception {
        UUID id = UuidV7.next();
        put(other, id, 1);
        pauseStandby();
        put(other, id, 2);

        EventPosition appended = apply(other, N, new EventMutation.Append(EventDraft.of("t", PropertyMap.empty())))
                                .results()
                                .get(0)
                        instanceof MutationResult.Appended done
                ? done.position()
                : EventPosition.START;

        assertThat(scan(CommitToken.NONE)).containsExactly(1L);
        assertThat(backend.events().last(scope(N, CommitToken.NONE))).isEqualTo(appended);
        assertThat(versions(backend.graph().get(scope(N, CommitToken.NONE), List.of(id))))
                .containsExactly(2L);
    }

    @Test
    void aTokenIsHonouredWhereverItComesFrom() throws Exception {
        UUID id = UuidV7.next();
        put(backend, id, 1);
        pauseStandby();
        CommitToken own = put(backend, id, 2).token();
        assertThat(scan(own)).containsExactly(2L);
        CommitToken foreign = put(other, id, 3).token();
        assertThat(scan(foreign)).containsExactly(3L);
        assertThat(scan(foreign)).as("learned by the read before").containsExactly(3L);

        ServerPair.execute(servers.standby(), "SELECT pg_wal_replay_resume()");
        pauseStandby();
        put(other, id, 4);
        assertThat(scan(foreign)).as("the standby has come so far").containsExactly(3L);
        assertThatThrownBy(() -> scan(new CommitToken(0, foreign.commit() + 1_000, 0)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not of this store");
    }

    @Test
    void eachReadTakesAsManyRoundTripsAsItMust() throws Exception {
        try (FaultProxy primary = servers.primary().proxy();
                FaultProxy standby = servers.standby().proxy();
                PostgresBackend counted = through(primary, standby)) {
            Map<String, Long> trips = new LinkedHashMap<>();
            // Upkeep would learn what the reads are to learn; what it has begun may fall into the first round.
            counted.upkeep().close();
            for (int round = 0; round < 8; round++) {
                ReadScope scope = scope(N, put(counted, UuidV7.next(), round).token());
                awaitStandby();
                Runnable read = () -> counted.graph().scan(scope, NodeQuery.of(Filter.everything()));
                for (String time : List.of("first", "second", "third")) {
                    long atPrimary = primary.turns();
                    long atStandby = standby.turns();
                    read.run();
                    if (round > 0) {
                        trips.merge(time + " at the primary", primary.turns() - atPrimary, Math::min);
                        trips.merge(time + " at the standby", standby.turns() - atStandby, Math::min);
                    }
                    awaitStandby();
                }
            }

            System.out.println("round trips: " + trips);
            assertThat(trips)
                    .isEqualTo(Map.of(
                            // It reads there, and learns what standbys must have.
                            "first at the primary", 2L,
                            "first at the standby", 0L,
                            // It asks how far the standby is, and reads there.
                            "second at the primary", 0L,
                            "second at the standby", 2L,
                            "third at the primary", 0L,
                            "third at the standby", 1L));
        }
    }

    @Test
    void aStandbyThatHangsLeavesThePrimaryTimeToAnswer() throws Exception {
        try (FaultProxy primary = servers.primary().proxy();
                FaultProxy standby = servers.standby().proxy();
                PostgresBackend behind = through(primary, standby)) {
            put(behind, UuidV7.next(), 1);
            awaitStandby();
            NodeQuery all = NodeQuery.of(Filter.everything());
            assertThat(behind.graph().scan(scope(N, CommitToken.NONE), all).items())
                    .hasSize(1);

            standby.stall();

            ReadScope soon = new ReadScope(N, Deadline.after(Duration.ofSeconds(4)), CommitToken.NONE);
            assertThat(behind.graph().scan(soon, all).items()).hasSize(1);
            standby.flow();
        }
    }

    private static PostgresBackend through(FaultProxy primary, FaultProxy standby) {
        return (PostgresBackend) TestServer.open("contextdb:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:"
                + standby.port() + "/postgres?user=postgres&replicas=prefer&poolIdle=1&jdbc.prepareThreshold=1&schema="
                + TestServer.schema("through"));
    }

    @Test
    void whatWasKnownThenIsThePrimarysToTell() throws Exception {
        UUID id = UuidV7.next();
        put(other, id, 1);
        pauseStandby();
        WriteReceipt second = put(other, id, 2);

        NodeQuery known = NodeQuery.of(Filter.everything()).asOf(AsOf.at(second.committedAt()));

        assertThat(versions(
                        backend.graph().scan(scope(N, CommitToken.NONE), known).items()))
                .containsExactly(2L);
    }

    @Test
    void aStandbyThatIsGoneIsNotMissed() {
        UUID id = UuidV7.next();
        CommitToken token = put(backend, id, 1).token();
        servers.stopStandby();

        assertThat(scan(CommitToken.NONE)).containsExactly(1L);
        assertThat(scan(token)).containsExactly(1L);
        Health health = backend.health(Deadline.after(Duration.ofSeconds(30)));
        assertThat(health.status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(health.details()).containsKey("replica.error");
    }

    @Test
    void aStandbyThatWasPromotedIsNoStandbyAnyMore() throws Exception {
        UUID id = UuidV7.next();
        put(backend, id, 1);
        awaitStandby();
        assertThat(scan(CommitToken.NONE)).containsExactly(1L);

        servers.killPrimary();
        servers.promoteStandby();

        CommitToken token = putAgain(id);
        assertThat(scan(token)).containsExactly(2L);
        assertThat(backend.health(Deadline.after(Duration.ofSeconds(30))).details())
                .containsKey("replica.error");
    }

    private CommitToken putAgain(UUID id) {
        while (true) {
            try {
                return put(backend, id, 2).token();
            } catch (ContextTransientException again) {
                ServerPair.pause();
            }
        }
    }

    @Test
    void everyWriterReadsItsOwnWritesAmongMany() throws Exception {
        int writers = 4;
        int each = 500;
        try (ExecutorService executor = Executors.newFixedThreadPool(writers)) {
            List<Future<Integer>> threads = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                NamespaceName mine = NamespaceName.of("mine-" + i);
                Backend writer = i % 2 == 0 ? backend : other;
                threads.add(executor.submit(() -> missed(writer, mine, each)));
            }
            for (Future<Integer> thread : threads) {
                assertThat(thread.get(120, TimeUnit.SECONDS)).isZero();
            }
        }
        assertThat(backend.health(Deadline.after(Duration.ofSeconds(30))).details())
                .containsKey("replica.bytesBehind");
    }

    /** Writes, and reads with the newest token of all; returns how often the own write was not seen. */
    private int missed(Backend writer, NamespaceName namespace, int times) {
        int missed = 0;
        for (int n = 1; n <= times; n++) {
            CommitToken token = apply(
                            writer, namespace, DocumentMutation.PutDocument.of("c", "d" + n, PropertyMap.empty()))
                    .token();
            CommitToken merged = newest.accumulateAndGet(token, CommitToken::max);
            long seen = backend.documents().count(scope(namespace, merged), "c", Filter.everything());
            missed += seen == n ? 0 : 1;
        }
        return missed;
    }
}
