package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReopeningTest {
    @TempDir
    Path directory;

    private final UUID a = UuidV7.next();
    private final UUID b = UuidV7.next();

    private WriteBatch everything() {
        NodeContent content =
                NodeContent.builder().label("fact").property("n", 1).build();
        return WriteBatch.of(
                Opened.SPACE,
                List.of(
                        new GraphMutation.PutNode(
                                NodeDraft.of(a, content), Condition.none(), GraphMutation.Fingerprints.SHARED),
                        new GraphMutation.PutNode(
                                NodeDraft.of(b, content), Condition.none(), GraphMutation.Fingerprints.SHARED),
                        new GraphMutation.PutEdge(EdgeDraft.of(EdgeContent.of(a, "knows", b)), Condition.none()),
                        new VectorMutation.CreateSpace(VectorSpace.cosine("default", 3)),
                        new VectorMutation.PutPoint(
                                "default",
                                VectorPoint.builder(a)
                                        .vector(1, 0, 0)
                                        .text("the quick fox")
                                        .build()),
                        KeyMutation.PutKey.of("k", Bytes.utf8("v")),
                        new EventMutation.Append(EventDraft.of("seen", PropertyMap.of("x", 1.0))),
                        DocumentMutation.PutDocument.of("notes", "1", PropertyMap.of("title", "one"))));
    }

    private static void assertHoldsEverything(Opened opened, UUID a, UUID b) {
        assertThat(opened.backend().graph().get(opened.scope(), List.of(b, a)))
                .extracting(node -> node.id())
                .containsExactly(b, a);
        assertThat(opened.backend()
                        .graph()
                        .edges(opened.scope(), EdgeQuery.of(Direction.OUTGOING, a))
                        .items())
                .singleElement()
                .satisfies(edge -> assertThat(edge.to()).isEqualTo(b));
        assertThat(opened.backend()
                        .vectors()
                        .search(opened.scope(), List.of(VectorQuery.nearest("default", Vector.of(1, 0, 0), 5)))
                        .get(0))
                .singleElement()
                .satisfies(hit -> assertThat(hit.score()).isEqualTo(1.0));
        assertThat(opened.backend()
                        .vectors()
                        .searchText(opened.scope(), List.of(TextQuery.of("default", "fox", 5)))
                        .get(0))
                .hasSize(1);
        assertThat(opened.backend().keys().get(opened.scope(), List.of("k")))
                .singleElement()
                .satisfies(entry -> assertThat(entry.value().utf8()).isEqualTo("v"));
        assertThat(opened.backend().events().read(opened.scope(), EventQuery.after(EventPosition.START, 10)))
                .hasSize(1);
        assertThat(opened.backend()
                        .documents()
                        .find(opened.scope(), DocumentQuery.of("notes", Filter.everything()))
                        .items())
                .hasSize(1);
    }

    @Test
    void keepsEverything() {
        WriteBatch batch = everything();
        WriteReceipt first;
        try (Opened opened = Opened.in(directory)) {
            first = opened.backend().apply(batch, Opened.soon());
            assertHoldsEverything(opened, a, b);
        }
        try (Opened opened = Opened.in(directory)) {
            assertHoldsEverything(opened, a, b);
            assertThat(opened.backend().apply(batch, Opened.soon())).isEqualTo(first);
        }
    }

    @Test
    void transactionTimeRisesAcrossIt() {
        WriteReceipt first;
        try (Opened opened = Opened.in(directory)) {
            first = opened.apply(KeyMutation.PutKey.of("k", Bytes.EMPTY));
        }
        try (Opened opened = Opened.in(directory)) {
            WriteReceipt second = opened.apply(KeyMutation.PutKey.of("k", Bytes.EMPTY));
            assertThat(second.committedAt()).isAfter(first.committedAt());
            assertThat(second.token()).isGreaterThan(first.token());
        }
    }

    @Test
    void sharesTheStoreWithinAProcessUntilTheLastCloses() {
        try (Opened one = Opened.in(directory)) {
            Opened other = Opened.in(directory.resolve("../" + directory.getFileName()));
            other.apply(KeyMutation.PutKey.of("k", Bytes.utf8("v")));
            other.close();
            other.close();
            assertThat(one.backend().keys().get(one.scope(), List.of("k"))).hasSize(1);
            assertThatThrownBy(() -> other.backend().keys()).isInstanceOf(ContextClosedException.class);
        }
    }

    @Test
    void refusesANewerFormat() throws Exception {
        Opened.in(directory).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("records.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE store SET format = 99");
        }
        assertThatThrownBy(() -> Opened.in(directory))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("format 99")
                .hasMessageContaining("newer version");
    }

    @Test
    void upgradesAStoreOfTheFirstFormat() throws Exception {
        try (Opened opened = Opened.in(directory)) {
            opened.apply(everything().mutations());
            opened.apply(new GraphMutation.Erase(List.of(b)));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("records.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DROP INDEX erased_kept");
            statement.executeUpdate("ALTER TABLE erased DROP COLUMN kept_until");
            statement.executeUpdate("DROP TABLE life");
            statement.executeUpdate("DROP TABLE document_value");
            statement.executeUpdate("DROP TABLE document_path");
            statement.executeUpdate("CREATE TABLE document_path (ns INTEGER NOT NULL, collection TEXT NOT NULL,"
                    + " path TEXT NOT NULL, PRIMARY KEY (ns, collection, path)) WITHOUT ROWID");
            statement.executeUpdate("UPDATE store SET format = 1");
        }

        try (Opened opened = Opened.in(directory)) {
            assertThat(opened.backend().graph().get(opened.scope(), List.of(a))).hasSize(1);
            assertErased(opened);
            opened.backend().namespaces().drop(Opened.SPACE, Opened.soon());
            assertErased(opened);
        }
        try (Opened opened = Opened.in(directory)) {
            assertErased(opened);
        }
    }

    private void assertErased(Opened opened) {
        assertThatThrownBy(() -> opened.apply(new GraphMutation.PutNode(
                        NodeDraft.of(b, NodeContent.builder().build()),
                        Condition.none(),
                        GraphMutation.Fingerprints.SHARED)))
                .hasMessageContaining("was erased");
    }

    /** What outlives a drop is gone after 7 days, some at a time, and the file has no content of before. */
    @Test
    void whatOutlivesADropGoesWithTime() throws Exception {
        UUID operation = UuidV7.next();
        try (Opened opened = Opened.in(directory)) {
            opened.apply(everything().mutations());
            opened.backend()
                    .apply(
                            new WriteBatch(
                                    Opened.SPACE,
                                    operation,
                                    List.of(KeyMutation.PutKey.of("k", Bytes.utf8("a secret content")))),
                            Opened.soon());
            opened.apply(new GraphMutation.Erase(List.of(b)));
            opened.backend().namespaces().drop(Opened.SPACE, Opened.soon());
        }
        assertThat(new String(Files.readAllBytes(directory.resolve("records.db")), StandardCharsets.ISO_8859_1))
                .doesNotContain("a secret content")
                .doesNotContain("the quick fox");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("records.db"));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE erased SET kept_until = 1"))
                    .isEqualTo(1);
            assertThat(statement.executeUpdate("UPDATE operation SET committed_at = 1"))
                    .isEqualTo(4);
        }
        try (Opened opened = Opened.in(directory)) {
            opened.store()
                    .write(
                            (database, commit, time, touched) -> {
                                new StoreUpkeep(
                                                new StoreClock(0),
                                                opened.store().index(),
                                                new Lives(database, commit - 1))
                                        .run(database);
                                return commit;
                            },
                            0,
                            Opened.soon());
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("records.db"));
                Statement statement = connection.createStatement();
                ResultSet left = statement.executeQuery(
                        "SELECT (SELECT count(*) FROM erased), (SELECT count(*) FROM operation)")) {
            assertThat(left.getInt(1)).isZero();
            assertThat(left.getInt(2)).isZero();
        }
    }

    @Test
    void leavesNoThreadBehind() {
        for (int i = 0; i < 20; i++) {
            try (Opened opened = Opened.in(directory)) {
                opened.apply(KeyMutation.PutKey.of("k", Bytes.EMPTY));
            }
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("contextdb-") || name.startsWith("Lucene Merge"));
    }
}
