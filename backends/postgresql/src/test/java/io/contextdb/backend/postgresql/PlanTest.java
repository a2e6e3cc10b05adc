package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which indexes answer reads, as the option explain logs it. */
class PlanTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final int ROWS = 6_000;
    private static final String SECRET = "s3cret";

    private final String schema = TestServer.schema("plan");
    private PostgresBackend backend = open("plan");

    private PostgresBackend open(String explain) {
        return TestServer.quiet(TestServer.get().url(schema) + "&explain=" + explain);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static ReadScope scope() {
        return new ReadScope(N, Deadline.after(Duration.ofSeconds(60)), CommitToken.NONE);
    }

    private void apply(Mutation... mutations) {
        backend.apply(WriteBatch.of(N, List.of(mutations)), Deadline.after(Duration.ofSeconds(60)));
    }

    private void fill(IntFunction<Mutation> row) throws SQLException {
        for (int from = 0; from < ROWS; from += 1_000) {
            List<Mutation> batch = new ArrayList<>();
            for (int i = from; i < from + 1_000; i++) {
                batch.add(row.apply(i));
            }
            apply(batch.toArray(Mutation[]::new));
        }
    }

    private void analyze(String table) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM ANALYZE " + schema + "." + table);
        }
    }

    /** Returns what is logged, by a logger that writes to standard error, until it has logged a plan of a read from a table. */
    static String logged(String table, Runnable read) {
        PrintStream error = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!log.toString(StandardCharsets.UTF_8).contains(" FROM cdb." + table + " ")) {
                assertThat(System.nanoTime()).as("a plan was logged").isLessThan(end);
                read.run();
            }
        } finally {
            System.setErr(error);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    private String find(Filter filter, SortKey... sort) {
        DocumentQuery query = new DocumentQuery("c", filter, List.of(sort), PageRequest.first(10));
        return logged("document", () -> backend.documents().find(scope(), query));
    }

    @Test
    void equalityOfAPropertyUsesItsIndex() throws SQLException {
        fill(i -> DocumentMutation.PutDocument.of("c", "d" + i, body(i)));
        fill(i -> new GraphMutation.PutNode(
                NodeDraft.of(NodeContent.builder().properties(body(i)).build()),
                Condition.none(),
                GraphMutation.Fingerprints.SHARED));
        apply(new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
        fill(i -> new VectorMutation.PutPoint(
                "s",
                VectorPoint.builder(new UUID(7, i))
                        .vector(1, i)
                        .properties(body(i))
                        .build()));
        for (String table : List.of("document", "node", "point")) {
            analyze(table);
        }

        assertThat(find(Filter.eq(Field.property("name"), SECRET + 77)))
                .contains(" by document_body")
                .doesNotContain("77");
        assertThat(find(Filter.in(Field.property("name"), List.of(SECRET + 7, SECRET + 8))))
                .contains(" by document_body");
        assertThat(find(Filter.and(
                        Filter.contains(Field.property("tags"), 4_711), Filter.not(Filter.exists(Field.subject())))))
                .contains(" by document_body");
        assertThat(logged(
                        "node",
                        () -> backend.graph()
                                .scan(scope(), NodeQuery.of(Filter.eq(Field.property("name"), SECRET + 77)))))
                .contains(" by node_properties");
        assertThat(logged(
                        "point",
                        () -> backend.vectors().count(scope(), "s", Filter.eq(Field.property("name"), SECRET + 77))))
                .contains(" by point_properties");
    }

    @Test
    void aTextSearchCountsTheTextsThatHaveAWordOnceForTheWord() throws SQLException {
        apply(new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
        fill(i -> new VectorMutation.PutPoint(
                "s",
                VectorPoint.builder(new UUID(7, i)).text("common word" + i % 7).build()));
        analyze("point");
        analyze("posting");
        backend.close();
        backend = open("analyze");

        String plan = logged(
                "posting", () -> backend.vectors().searchText(scope(), List.of(TextQuery.of("s", "common word3", 10))));

        // Two words are counted, and then all their postings are read.
        assertThat(Pattern.compile(" posting[^\\n]*, times (\\d+)")
                        .matcher(plan)
                        .results())
                .as(plan)
                .isNotEmpty()
                .allSatisfy(scan -> assertThat(Integer.parseInt(scan.group(1))).isLessThanOrEqualTo(2));
    }

    @Test
    void aDiffReadsFewChangesByTheirTime() throws SQLException {
        fill(i -> new GraphMutation.PutNode(
                NodeDraft.of(NodeContent.builder().properties(body(i)).build()),
                Condition.none(),
                GraphMutation.Fingerprints.SHARED));
        analyze("node");
        Instant before = Instant.now();
        apply(new GraphMutation.PutNode(
                NodeDraft.of(NodeContent.builder().build()), Condition.none(), GraphMutation.Fingerprints.SHARED));
        backend.close();
        backend = open("analyze");

        assertThat(logged(
                        "node",
                        () -> backend.graph()
                                .diff(scope(), before, Instant.now().plusSeconds(1), PageRequest.first())))
                .contains(" by node_changed");
    }

    @Test
    void theNewestEventsAreReadFromTheEndOfAnIndex() throws SQLException {
        fill(i -> new EventMutation.Append(
                EventDraft.of("t" + i % 3, PropertyMap.of("n", i)).about(i % 2 == 0 ? "s" : "s" + i % 50)));
        analyze("event");
        backend.close();
        backend = open("analyze");

        LatestQuery ten = LatestQuery.of(10);
        for (LatestQuery query : List.of(
                ten.about("s"), ten.about("s1", "s3", "s"), ten.about("s").types("t1"))) {
            assertThat(logged("event", () -> backend.events().readBackwards(scope(), query)))
                    .contains(" by event_subject")
                    .doesNotContain("Seq Scan");
            backend.close();
            backend = open("analyze");
        }
        assertThat(logged("event", () -> backend.events().readBackwards(scope(), ten)))
                .contains(" by event_pkey")
                .doesNotContain("Sort");
    }

    private static PropertyMap body(int i) {
        return PropertyMap.of("name", SECRET + i, "tags", List.of(i, -1), "n", i % 3_000);
    }

    @Test
    void aDeclaredPathAnswersEqualityRangesAndSortedPages() throws SQLException {
        fill(i -> DocumentMutation.PutDocument.of("c", "d" + i, body(i)));
        analyze("document");
        assertThat(find(Filter.gt(Field.property("n"), 2_990))).doesNotContain("document_value_");

        apply(
                new DocumentMutation.DeclareIndex("c", List.of("n")),
                new DocumentMutation.DeclareIndex("c", List.of("name")));
        backend.upkeep().run();
        analyze("document");

        assertThat(find(Filter.eq(Field.property("n"), 17))).contains(" by document_value_");
        assertThat(find(Filter.gt(Field.property("n"), 2_990))).contains(" by document_value_");
        assertThat(find(Filter.le(Field.property("name"), SECRET + 10))).contains(" by document_value_");
        assertThat(find(Filter.everything(), SortKey.descending("n")))
                .contains(" by document_value_")
                .doesNotContain("Seq Scan");
        String next = backend.documents()
                .find(scope(), DocumentQuery.of("c", Filter.everything()).sort(SortKey.ascending("name")))
                .next();
        assertThat(logged(
                        "document",
                        () -> backend.documents()
                                .find(
                                        scope(),
                                        DocumentQuery.of("c", Filter.everything())
                                                .sort(SortKey.ascending("name"))
                                                .page(new PageRequest(10, next)))))
                .contains(" by document_value_")
                .doesNotContain("Seq Scan");

        backend.namespaces().drop(N, Deadline.after(Duration.ofSeconds(60)));
        backend.upkeep().run();
        assertThat(indexes()).as("nobody declares the paths any more").isZero();
    }

    private long indexes() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                var statement = connection.prepareStatement(
                        "SELECT count(*) FROM pg_indexes WHERE schemaname = ? AND indexname LIKE 'document_value_%'")) {
            statement.setString(1, schema);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void eachDistinctReadIsLoggedOnceWithWhatCameOfIt() {
        backend.close();
        backend = open("analyze");
        apply(new EventMutation.Append(EventDraft.of("t", PropertyMap.of("a", SECRET))));
        String log = logged(
                "document", () -> backend.documents().count(scope(), "c", Filter.eq(Field.property("a"), SECRET)));
        assertThat(log)
                .contains("plan of SELECT count(*)", "Aggregate", ", has rows 1")
                .doesNotContain(SECRET);

        String other = logged("document", () -> {
            backend.documents().count(scope(), "c", Filter.eq(Field.property("a"), SECRET + 1));
            backend.documents().collections(scope());
        });
        assertThat(other).contains("plan of WITH RECURSIVE").doesNotContain("plan of SELECT count(*)");
    }

    @Test
    void healthTellsWhatTheStoreHasDone() {
        apply(DocumentMutation.PutDocument.of("c", "d", body(1)));
        backend.documents().get(scope(), "c", List.of("d"));

        assertThat(backend.health(Deadline.after(Duration.ofSeconds(30))).details())
                .containsEntry("writes.batches", "1")
                .containsEntry("writes.groups", "1")
                .containsEntry("writes.largestGroup", "1")
                .containsEntry("writes.splitGroups", "0")
                .containsEntry("reads.rows", "1")
                .containsEntry("pool.waiting", "0")
                .containsKeys("pool.active", "pool.idle", "events.looks");
    }
}
