package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.PointChange;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What of the journal only this backend can show (contract S7). */
class JournalTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final NamespaceName OTHER = NamespaceName.of("other");
    private static final String S = "s";
    /** The number of its space, and its id. */
    private static final int ENTRY_OF_A_POINT = 20;

    private final String schema = TestServer.schema("journal");

    private PostgresBackend open() {
        return (PostgresBackend) TestServer.open(TestServer.get().url(schema) + "&journal=true");
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private static WriteReceipt apply(PostgresBackend backend, NamespaceName namespace, Mutation... mutations) {
        return backend.apply(WriteBatch.of(namespace, List.of(mutations)), soon());
    }

    private static Mutation space(int dimensions) {
        return new VectorMutation.CreateSpace(VectorSpace.cosine(S, dimensions));
    }

    private static Mutation put(UUID id, int dimensions) {
        float[] vector = new float[dimensions];
        Arrays.fill(vector, 1);
        return new VectorMutation.PutPoint(
                S, VectorPoint.builder(id).vector(vector).build());
    }

    private static List<JournalEntry> all(Journal journal) {
        return journal.read(JournalPosition.START, 10_000, soon());
    }

    @Test
    void whatWasWrittenBeforeAnybodyFollowedIsInTheJournal() {
        UUID id = UuidV7.next();
        try (PostgresBackend backend =
                (PostgresBackend) TestServer.open(TestServer.get().url(schema))) {
            apply(backend, N, space(1), put(id, 1));
            assertThat(backend.journal()).isEmpty();
        }
        try (PostgresBackend backend = open()) {
            assertThat(all(backend.journal().orElseThrow()))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.points())
                            .extracting(PointChange::point)
                            .containsExactly(id));
        }
    }

    @Test
    void commitsThatAreSeenBeforeTheyAreStoredAreRefused() {
        assertThatThrownBy(() -> TestServer.open(
                        TestServer.get().url(schema) + "&journal=true&jdbc.options=-c%20synchronous_commit=off"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("synchronous_commit");
    }

    /** A reader who went on from the greater number would never see the smaller one. */
    @Test
    void aCommitWithASmallerNumberThatComesLaterIsNotPassedOver() throws Exception {
        UUID contested = UuidV7.next();
        try (PostgresBackend backend = open();
                Connection holder = DriverManager.getConnection(TestServer.get().jdbcUrl())) {
            apply(backend, N, space(1));
            apply(backend, OTHER, space(1));
            Journal journal = backend.journal().orElseThrow();
            holder.setAutoCommit(false);
            hold(holder, contested);
            CompletableFuture<WriteReceipt> slow =
                    CompletableFuture.supplyAsync(() -> apply(backend, N, put(contested, 1)));
            await("SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%" + schema
                    + "%point%'");
            WriteReceipt fast = apply(backend, OTHER, put(UuidV7.next(), 1));

            List<JournalEntry> before = all(journal);
            assertThat(journal.entry(OTHER, fast.operationId(), soon())).isPresent();
            assertThat(journal.backlog(JournalPosition.START, soon()).entries()).isEqualTo(1);
            holder.rollback();
            WriteReceipt late = slow.get(30, TimeUnit.SECONDS);
            assertThat(late.token().commit()).isLessThan(fast.token().commit());

            List<JournalEntry> read = new ArrayList<>(before);
            JournalPosition from = before.isEmpty()
                    ? JournalPosition.START
                    : before.get(before.size() - 1).position();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (read.size() < 2 && System.nanoTime() < end) {
                List<JournalEntry> more = journal.read(from, 100, soon());
                read.addAll(more);
                from = more.isEmpty() ? from : more.get(more.size() - 1).position();
            }
            assertThat(read)
                    .extracting(JournalEntry::operationId)
                    .containsExactlyInAnyOrder(late.operationId(), fast.operationId());
        }
    }

    /** Puts a point's row into a transaction that stays open: who puts the same point waits, its number in hand. */
    private void hold(Connection connection, UUID id) throws SQLException {
        String sql = "INSERT INTO " + schema
                + ".point (space, id, valid_from, valid_to, labels, source, subject, properties,"
                + " text) SELECT s.id, ?, 0, 0, '{}', '', '', '{}', '' FROM " + schema + ".space s JOIN " + schema
                + ".namespace n ON n.id = s.ns WHERE n.name = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, id);
            statement.setString(2, N.value());
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private static void await(String question) throws SQLException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!ServerPair.ask(TestServer.get(), question)) {
            assertThat(System.nanoTime()).as(question).isLessThan(end);
            ServerPair.pause();
        }
    }

    @Test
    void manyPointsOfOneBatchAreOneEntryAndOneTail() {
        int points = 5_000;
        List<Mutation> mutations = new ArrayList<>();
        List<UUID> ids = IntStream.range(0, points).mapToObj(i -> UuidV7.next()).toList();
        ids.forEach(id -> mutations.add(put(id, 1)));
        try (PostgresBackend backend = open()) {
            apply(backend, N, space(1));
            backend.apply(WriteBatch.of(N, mutations), soon());

            assertThat(all(backend.journal().orElseThrow()))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.points()).hasSize(points));
            assertThat(backend.journal()
                            .orElseThrow()
                            .tail(new ReadScope(N, soon(), CommitToken.NONE), S, JournalPosition.START, points)
                            .points())
                    .containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void entriesAreHandedOutInPortionsThatFitIntoMemory() {
        int notes = 5;
        try (PostgresBackend backend = open()) {
            Journal journal = backend.journal().orElseThrow();
            for (int i = 0; i < notes; i++) {
                journal.apply(
                        WriteBatch.of(N, List.of(KeyMutation.PutKey.of("k", Bytes.EMPTY))),
                        Bytes.of(new byte[7 << 20]),
                        soon());
            }
            List<Integer> portions = new ArrayList<>();
            JournalPosition from = JournalPosition.START;
            for (int read = 0; read < notes; ) {
                List<JournalEntry> entries = journal.read(from, 100, soon());
                portions.add(entries.size());
                read += entries.size();
                from = entries.get(entries.size() - 1).position();
            }

            assertThat(portions).containsExactly(3, 2);
        }
    }

    /** What an entry costs is told by keys: one with a note is an entry, one without is none. Points have no notes, nor the index of these. */
    @Test
    void theJournalAddsLittleToWhatAWriteLogs() throws SQLException {
        int dimensions = 384;
        int writes = 150;
        Bytes note = Bytes.of(new byte[ENTRY_OF_A_POINT]);
        try (PostgresBackend backend = open();
                Connection server = DriverManager.getConnection(TestServer.get().jdbcUrl())) {
            Journal journal = backend.journal().orElseThrow();
            apply(backend, N, space(dimensions), node(UuidV7.next()));
            try (var statement = server.createStatement()) {
                statement.execute("DROP INDEX " + schema + ".operation_note");
            }
            List<Long> without = new ArrayList<>();
            List<Long> with = new ArrayList<>();
            List<Long> points = new ArrayList<>();
            List<Long> both = new ArrayList<>();
            for (int i = 0; i < writes; i++) {
                WriteBatch key = WriteBatch.of(OTHER, List.of(KeyMutation.PutKey.of("k" + i, Bytes.EMPTY)));
                without.add(logged(server, () -> backend.apply(key, soon())));
                WriteBatch noted = WriteBatch.of(OTHER, List.of(KeyMutation.PutKey.of("n" + i, Bytes.EMPTY)));
                with.add(logged(server, () -> journal.apply(noted, note, soon())));
                points.add(logged(server, () -> apply(backend, N, put(UuidV7.next(), dimensions))));
                UUID id = UuidV7.next();
                both.add(logged(server, () -> apply(backend, N, node(id), put(id, dimensions))));
            }
            long entry = median(with) - median(without);

            System.out.printf(
                    "bytes logged for a point of %d dimensions: %d, for a node and its point: %d, %d of each for the entry%n",
                    dimensions, median(points), median(both), entry);
            assertThat(entry).isPositive();
            assertThat(entry * 100).isLessThanOrEqualTo((median(points) - entry) * 5);
            assertThat(entry * 100).isLessThanOrEqualTo((median(both) - entry) * 5);
        }
    }

    private static Mutation node(UUID id) {
        NodeContent content =
                NodeContent.builder().property("text", "what is remembered").build();
        return new GraphMutation.PutNode(
                NodeDraft.of(id, content), Condition.none(), GraphMutation.Fingerprints.SHARED);
    }

    private static long logged(Connection server, Runnable write) throws SQLException {
        long before = position(server);
        write.run();
        return position(server) - before;
    }

    private static long position(Connection server) throws SQLException {
        try (var statement = server.createStatement();
                var row = statement.executeQuery("SELECT pg_current_wal_insert_lsn() - '0/0'")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Others write to the server too, and now and then a page is logged whole. */
    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
