package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With rls=on the server itself keeps statements within the namespace of their call. */
class RowSecurityTest {
    private static final NamespaceName OURS = NamespaceName.of("ours");
    private static final NamespaceName THEIRS = NamespaceName.of("theirs");
    private static final String EVERY_TABLE = "EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)";

    private final TestServer server = TestServer.get();
    private OrdinaryUser user;

    @BeforeEach
    void makeUser() throws SQLException {
        user = OrdinaryUser.of(server, "rls");
    }

    @AfterEach
    void dropUser() throws SQLException {
        user.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static ReadScope in(NamespaceName namespace) {
        return new ReadScope(namespace, soon(), CommitToken.NONE);
    }

    private static void apply(Backend backend, NamespaceName namespace, Mutation... mutations) {
        backend.apply(WriteBatch.of(namespace, List.of(mutations)), soon());
    }

    private static Mutation key(String value) {
        return KeyMutation.PutKey.of("k", Bytes.utf8(value));
    }

    private static List<Bytes> keys(Backend backend, NamespaceName namespace) {
        return backend.keys().get(in(namespace), List.of("k")).stream()
                .map(KeyEntry::value)
                .toList();
    }

    private Backend open(String options) {
        return TestServer.open(user.url() + options);
    }

    private String told(NamespaceName namespace) throws SQLException {
        return Long.toString(user.ask(
                "*", "SELECT id FROM " + user.schema() + ".namespace WHERE name = '" + namespace.value() + "'"));
    }

    private String all(String table) {
        return "SELECT count(*) FROM " + user.schema() + "." + table;
    }

    /** Puts rows into every table that has rows of a namespace. */
    private static void fill(Backend backend) {
        UUID kept = UuidV7.next();
        UUID erased = UuidV7.next();
        apply(
                backend,
                OURS,
                node(kept),
                node(erased),
                new GraphMutation.PutEdge(EdgeDraft.of(EdgeContent.of(kept, "next", kept)), Condition.none()),
                new GraphMutation.PutSource("s", Collections.emptySortedSet(), PropertyMap.empty()),
                new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)),
                new VectorMutation.PutPoint(
                        "s",
                        VectorPoint.builder(kept).vector(1, 2).text("a word").build()),
                key("v"),
                new KeyMutation.Acquire("limiter", 1, 10, Duration.ofHours(1)),
                DocumentMutation.PutDocument.of("c", "d", PropertyMap.of("a", 1)),
                new DocumentMutation.DeclareIndex("c", List.of("a")),
                new EventMutation.Append(EventDraft.of("t", PropertyMap.empty())),
                new EventMutation.CreateGroup(ConsumerGroup.named("patient")),
                new EventMutation.CreateGroup(
                        new ConsumerGroup("hasty", EventPosition.START, Duration.ofMillis(10), 1)));
        apply(backend, OURS, new EventMutation.Claim("patient", 1), new GraphMutation.Erase(List.of(erased)));
        apply(backend, THEIRS, key("v"));
        Deadline deadline = soon();
        while (backend.events()
                .deadLetters(in(OURS), "hasty", PageRequest.first())
                .items()
                .isEmpty()) {
            deadline.check("bury an event");
            apply(backend, OURS, new EventMutation.Claim("hasty", 1));
        }
    }

    private static Mutation node(UUID id) {
        NodeDraft draft = NodeDraft.of(id, NodeContent.builder().build());
        return new GraphMutation.PutNode(draft, Condition.none(), GraphMutation.Fingerprints.SHARED);
    }

    @Test
    void everyTableWithRowsOfANamespaceIsGuarded() throws SQLException {
        open("&rls=on").close();

        assertThat(user.tables("NOT (c.relrowsecurity AND c.relforcerowsecurity)"))
                .containsExactlyInAnyOrder("listener", "contextdb_schema_history");
        assertThat(user.tables("c.relrowsecurity")).containsExactlyInAnyOrderElementsOf(user.tables(EVERY_TABLE));
    }

    @Test
    void aStatementSeesTheRowsOfTheNamespaceThatItToldAlone() throws SQLException {
        try (Backend backend = open("&rls=on")) {
            fill(backend);
            String ours = told(OURS);
            String theirs = told(THEIRS);

            for (String table : user.tables(EVERY_TABLE)) {
                long everywhere = user.ask("*", all(table));
                long elsewhere = user.ask(theirs, all(table));
                assertThat(user.ask(ours, all(table)))
                        .as("rows of ours in %s", table)
                        .isPositive()
                        .isEqualTo(everywhere - elsewhere);
                assertThat(elsewhere).as("rows of theirs in %s", table).isLessThanOrEqualTo(1);
                assertThat(user.ask("0", all(table)))
                        .as("rows of no namespace in %s", table)
                        .isZero();
                assertThatThrownBy(() -> user.ask("", all(table)))
                        .as("rows of %s, with no namespace told", table)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("no namespace was told");
            }
        }
    }

    @Test
    void aCallWhoseStatementForgetsTheNamespaceReachesNoOther() throws SQLException {
        try (PostgresBackend backend = (PostgresBackend) open("&rls=on")) {
            apply(backend, OURS, key("v"));
            apply(backend, THEIRS, key("v"));
            String entries = all("entry");

            assertThat(backend.store().<Long>read(in(OURS), snapshot -> snapshot.number(entries)))
                    .isEqualTo(1);
            assertThat(backend.store().<Long>read(in(NamespaceName.of("new")), snapshot -> snapshot.number(entries)))
                    .isZero();
            backend.store().read(in(OURS), snapshot -> snapshot.list("DELETE FROM cdb.entry", row -> row));

            assertThat(keys(backend, OURS)).isEmpty();
            assertThat(keys(backend, THEIRS)).containsExactly(Bytes.utf8("v"));
        }
    }

    @Test
    void aStatementTouchesNoRowsOfAnotherNamespace() throws SQLException {
        try (Backend backend = open("&rls=on")) {
            fill(backend);
            String ours = told(OURS);
            String theirs = told(THEIRS);

            for (String table : user.tables(EVERY_TABLE)) {
                long before = user.ask(ours, all(table));
                assertThat(user.ask(
                                theirs,
                                "WITH gone AS (DELETE FROM " + user.schema() + "." + table
                                        + " RETURNING 1) SELECT count(*) FROM gone"))
                        .as("deleted from %s", table)
                        .isLessThanOrEqualTo(1);
                assertThat(user.ask(ours, all(table))).as("left in %s", table).isEqualTo(before);
            }
            String point = UuidV7.next().toString();
            for (String row : List.of(
                    "entry VALUES (" + ours + ", 'new', 1, 1, '', '')",
                    "erased VALUES (" + ours + ", '" + point + "', 1)",
                    "posting SELECT id, 'word', '" + point + "', 1, 1 FROM generate_series(1, 100) id")) {
                assertThatThrownBy(() -> user.ask(
                                theirs,
                                "WITH new AS (INSERT INTO " + user.schema() + "." + row
                                        + " RETURNING 1) SELECT count(*) FROM new"))
                        .as(row)
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("violates row-level security policy");
            }
        }
    }

    @Test
    void workThatSpansNamespacesGoesOn() throws SQLException {
        try (PostgresBackend backend = (PostgresBackend) open("&rls=on&journal=true")) {
            fill(backend);
            apply(
                    backend,
                    THEIRS,
                    KeyMutation.PutKey.of("short", Bytes.utf8("v")).expiringAfter(Duration.ofMillis(1)));
            assertThat(backend.namespaces().list(PageRequest.first(), soon()).items())
                    .containsExactly(OURS, THEIRS);
            assertThat(backend.journal()
                            .orElseThrow()
                            .backlog(JournalPosition.START, soon())
                            .entries())
                    .isPositive();

            String expired = all("entry") + " WHERE key = 'short'";
            Deadline deadline = soon();
            while (user.ask("*", expired) > 0) {
                deadline.check("sweep a key");
                backend.upkeep().run();
            }
            backend.namespaces().drop(OURS, soon());

            assertThat(backend.namespaces().list(PageRequest.first(), soon()).items())
                    .containsExactly(THEIRS);
            assertThat(keys(backend, THEIRS)).containsExactly(Bytes.utf8("v"));
            assertThat(user.ask("*", all("node"))).isZero();
        }
    }

    @Test
    void vectorsAreStillFoundByTheirIndex() {
        String planned = "&vectorIndexFrom=100&explain=plan&jdbc.options=-c%20enable_sort%3Doff";
        try (PostgresBackend backend = TestServer.quiet(user.url() + "&rls=on" + planned)) {
            apply(backend, OURS, new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
            List<Mutation> points = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                points.add(new VectorMutation.PutPoint(
                        "s", VectorPoint.builder(new UUID(7, i)).vector(1, i).build()));
            }
            apply(backend, OURS, points.toArray(Mutation[]::new));
            Runnable search = () -> assertThat(backend.vectors()
                            .search(in(OURS), List.of(VectorQuery.nearest("s", Vector.of(1, 7), 3)))
                            .get(0))
                    .hasSize(3);
            search.run();
            backend.upkeep().run();

            assertThat(PlanTest.logged("point", search)).contains(" by point_hnsw_");
        }
    }

    @Test
    void twoProcessesTurnItOnAtOnceOverWhatIsThere() {
        try (Backend before = open("")) {
            fill(before);
        }
        CompletableFuture<Backend> one = CompletableFuture.supplyAsync(() -> open("&rls=on"));
        CompletableFuture<Backend> two = CompletableFuture.supplyAsync(() -> open("&rls=on"));
        try (Backend first = one.join();
                Backend second = two.join()) {
            apply(first, OURS, key("new"));

            assertThat(keys(second, OURS)).containsExactly(Bytes.utf8("new"));
            assertThat(keys(second, THEIRS)).containsExactly(Bytes.utf8("v"));
            assertThat(second.health(soon()).status()).isEqualTo(Health.Status.UP);
            assertThat(second.health(soon()).details()).containsEntry("server.rowSecurity", "on");
        }
    }

    @Test
    void itStaysOnForWhoOpensTheStoreWithoutTheOption() throws SQLException {
        open("&rls=on").close();
        try (Backend later = open("")) {
            apply(later, OURS, key("v"));

            assertThat(keys(later, OURS)).containsExactly(Bytes.utf8("v"));
            assertThat(later.health(soon()).status()).isEqualTo(Health.Status.UP);
            assertThatThrownBy(() -> user.ask("", all("entry"))).hasMessageContaining("no namespace was told");
        }
    }

    @Test
    void whoOpenedTheStoreBeforeItWasTurnedOnIsToldSo() {
        try (Backend early = open("")) {
            apply(early, OURS, key("v"));
            open("&rls=on").close();

            assertThatThrownBy(() -> keys(early, OURS))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("open it again");
            assertThatThrownBy(() -> apply(early, OURS, key("w")))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("open it again");
            assertThat(early.health(soon()).status()).isEqualTo(Health.Status.DEGRADED);
        }
    }

    @Test
    void aUserWhomPoliciesDoNotHoldIsToldSo() {
        open("&rls=on").close();
        String asSuperuser = server.url(user.schema());

        assertThatThrownBy(() -> TestServer.open(asSuperuser + "&rls=on"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("superuser");
        try (Backend unheld = TestServer.open(asSuperuser)) {
            assertThat(unheld.health(soon()).status()).isEqualTo(Health.Status.DEGRADED);
            assertThat(unheld.health(soon()).details().get("server.rowSecurity"))
                    .contains("does not hold this user");
        }
    }

    @Test
    void aTableThatIsNotGuardedAnyMoreDegrades() throws SQLException {
        try (Backend backend = open("&rls=on")) {
            assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.UP);

            ServerPair.execute(server, "ALTER TABLE " + user.schema() + ".node NO FORCE ROW LEVEL SECURITY");

            assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.DEGRADED);
            assertThat(backend.health(soon()).details()).containsEntry("server.rowSecurity", "on for some tables only");
        }
    }
}
