package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Namespace;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stores that share nothing but the server, as processes do. */
@Tag("slow")
class SeveralProcessesTest {
    private static final int PROCESSES = 4;
    private final String url = TestServer.get().url(TestServer.schema("several"));
    private final List<ContextDataSource> sources = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        sources.addAll(together(PROCESSES, i -> ContextDataSource.open(url)));
    }

    @AfterEach
    void close() {
        sources.forEach(ContextDataSource::close);
    }

    private static <T> List<T> together(int threads, IntFunction<T> work) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Callable<T>> tasks = new ArrayList<>();
            IntStream.range(0, threads).forEach(i -> tasks.add(() -> work.apply(i)));
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        }
    }

    private Namespace namespace(int process) {
        ContextConnection connection = sources.get(process % PROCESSES).getConnection();
        return connection.namespace("n");
    }

    @Test
    void tenStartersOfAnEmptySchemaRaceSafely() throws Exception {
        String fresh = TestServer.get().url(TestServer.schema("starters"));

        together(10, i -> {
            try (ContextConnection connection = io.contextdb.ContextDriverManager.getConnection(fresh)) {
                connection.namespace("n").keys().increment("started", 1);
                return i;
            }
        });

        try (ContextConnection connection = io.contextdb.ContextDriverManager.getConnection(fresh)) {
            assertThat(connection.namespace("n").keys().get("started").map(KeyEntry::value))
                    .hasValueSatisfying(value -> assertThat(value.utf8()).isEqualTo("10"));
        }
    }

    @Test
    void aSchemaOfANewerVersionIsRefused() throws Exception {
        String schema = TestServer.schema("newer");
        ContextDataSource.open(TestServer.get().url(schema)).close();
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO " + schema + ".contextdb_schema_history SELECT installed_rank + 100, '999',"
                    + " 'future', type, 'V999__future.sql', 1, installed_by, now(), 1, TRUE FROM " + schema
                    + ".contextdb_schema_history WHERE version = '1'");
        }

        assertThatThrownBy(() -> ContextDataSource.open(TestServer.get().url(schema)))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("newer version");
    }

    /** Each of them expects that what it puts is new, and one is right. */
    @Test
    void nodesThatSeveralProcessesPutFirstHaveEachVersion() throws Exception {
        List<UUID> ids = IntStream.range(0, 50).mapToObj(i -> UuidV7.next()).toList();

        together(PROCESSES * 2, i -> {
            Namespace namespace = namespace(i);
            ids.forEach(id -> namespace
                    .graph()
                    .put(NodeDraft.of(
                            id, NodeContent.builder().property("by", i).build())));
            return i;
        });

        for (UUID id : ids) {
            List<Node> history = namespace(0).graph().history(id).toList();
            assertThat(history)
                    .extracting(node -> node.content().properties().get("by"))
                    .hasSize(PROCESSES * 2)
                    .doesNotHaveDuplicates();
            assertThat(history)
                    .extracting(Node::version)
                    .containsExactly(IntStream.rangeClosed(1, PROCESSES * 2)
                            .mapToObj(Long::valueOf)
                            .toArray(Long[]::new));
        }
    }

    /** An edge that is added looks for its ends before it is written. */
    @Test
    void noEdgeIsLeftAtANodeThatAnotherProcessErases() throws Exception {
        for (int round = 0; round < 100; round++) {
            UUID end = UuidV7.next();
            EdgeDraft edge = EdgeDraft.of(EdgeContent.of(end, "self", end));
            namespace(0).graph().put(NodeDraft.of(end, NodeContent.builder().build()));

            together(2, i -> {
                if (i == 0) {
                    return namespace(1).erase(List.of(end));
                }
                try {
                    return namespace(2).graph().put(edge);
                } catch (InvalidRequestException gone) {
                    return 0L;
                }
            });

            assertThat(namespace(0).graph().getEdge(edge.id()))
                    .as("round %s", round)
                    .isEmpty();
        }
    }

    @Test
    void countersVersionsAndFingerprintsHoldAcrossProcesses() throws Exception {
        int each = 25;
        UUID shared = UuidV7.next();

        List<UUID> ids = together(PROCESSES * 2, i -> {
            Namespace namespace = namespace(i);
            for (int n = 0; n < each; n++) {
                namespace.keys().increment("counter", 1);
                namespace
                        .graph()
                        .put(NodeDraft.of(
                                shared, NodeContent.builder().property("by", i).build()));
            }
            UUID mine = UuidV7.next();
            namespace
                    .batch()
                    .add(new GraphMutation.PutNode(
                            NodeDraft.of(
                                    mine,
                                    NodeContent.builder().fingerprint("same").build()),
                            Condition.none(),
                            GraphMutation.Fingerprints.UNIQUE_OR_EXISTING))
                    .apply();
            return mine;
        });

        Namespace namespace = namespace(0);
        assertThat(namespace.keys().get("counter").orElseThrow().value().utf8())
                .isEqualTo(Integer.toString(PROCESSES * 2 * each));
        List<Node> history = namespace.graph().history(shared).toList();
        assertThat(history)
                .extracting(Node::version)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, PROCESSES * 2 * each)
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(history)
                .extracting(node -> node.revision().transaction().from())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(namespace.graph().get(ids)).hasSize(1);
    }

    @Test
    void positionsFollowTheOrderOfCommitsForEveryReader() throws Exception {
        int writers = 6;
        int each = 40;
        List<EventPosition> seen = new ArrayList<>();

        together(writers + 1, i -> {
            Namespace namespace = namespace(i);
            if (i < writers) {
                for (int n = 0; n < each; n++) {
                    namespace.events().append(EventDraft.of("t", PropertyMap.of("n", n)));
                }
            } else {
                EventPosition after = EventPosition.START;
                long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                while (seen.size() < writers * each && System.nanoTime() < end) {
                    for (Event event : namespace.events().read(EventQuery.after(after, 50))) {
                        seen.add(event.position());
                        after = event.position();
                    }
                }
            }
            return i;
        });

        assertThat(seen).hasSize(writers * each).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void membersInSeveralProcessesShareAGroup() throws Exception {
        Namespace one = namespace(0);
        IntStream.range(0, 200).forEach(n -> one.events().append(EventDraft.of("t", PropertyMap.of("n", n))));
        one.events().createGroup(ConsumerGroup.named("g"));
        Set<EventPosition> claimed = ConcurrentHashMap.newKeySet();

        together(PROCESSES, i -> {
            Namespace namespace = namespace(i);
            List<Delivery> deliveries = namespace.events().claim("g", 7);
            while (!deliveries.isEmpty()) {
                deliveries.forEach(delivery ->
                        assertThat(claimed.add(delivery.event().position())).isTrue());
                namespace
                        .events()
                        .acknowledge(
                                "g",
                                deliveries.stream()
                                        .map(delivery -> delivery.event().position())
                                        .toList());
                deliveries = namespace.events().claim("g", 7);
            }
            return i;
        });

        assertThat(claimed).hasSize(200);
    }

    @Test
    void oneLimiterServesAllProcesses() throws Exception {
        List<Integer> given = together(PROCESSES, i -> {
            int allowed = 0;
            for (int n = 0; n < 20; n++) {
                allowed += namespace(i)
                                .limiter(10, Duration.ofHours(1))
                                .tryAcquire("k")
                                .allowed()
                        ? 1
                        : 0;
            }
            return allowed;
        });

        assertThat(given.stream().mapToInt(Integer::intValue).sum()).isEqualTo(10);
    }

    @Test
    void whatWasReadAsKnownThenStaysWhileOthersWrite() throws Exception {
        UUID id = UuidV7.next();
        namespace(0)
                .graph()
                .put(NodeDraft.of(id, NodeContent.builder().property("n", 0).build()));

        List<Boolean> repeatable = together(4, i -> {
            boolean same = true;
            for (int n = 1; n <= 25; n++) {
                if (i < 2) {
                    namespace(i)
                            .graph()
                            .put(NodeDraft.of(
                                    id, NodeContent.builder().property("n", n).build()));
                } else {
                    AsOf then = AsOf.at(Instant.now());
                    List<Node> first = namespace(i).graph().get(List.of(id), then);
                    namespace(i).keys().increment("pause", 1);
                    same &= namespace(i + 1).graph().get(List.of(id), then).stream()
                            .map(Node::version)
                            .toList()
                            .equals(first.stream().map(Node::version).toList());
                }
            }
            return same;
        });

        assertThat(repeatable).containsOnly(true);
        assertThat(namespace(0).graph().history(id)).hasSize(51);
    }

    @Test
    void aSpaceThatIsMadeAnewElsewhereIsNoticed() {
        namespace(0).vectors().createSpace(VectorSpace.cosine("s", 2));
        assertThat(namespace(1).vectors().count("s", io.contextdb.spi.filter.Filter.everything()))
                .isZero();

        namespace(0).vectors().dropSpace("s");
        namespace(0).vectors().createSpace(VectorSpace.cosine("s", 3));
        namespace(0)
                .vectors()
                .put(
                        "s",
                        io.contextdb.spi.vector.VectorPoint.builder(UuidV7.next())
                                .vector(1, 2, 3)
                                .build());

        assertThat(namespace(1).vectors().count("s", io.contextdb.spi.filter.Filter.everything()))
                .isEqualTo(1);
    }
}
