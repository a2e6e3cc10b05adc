package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.Backend;
import io.contextdb.spi.IntegrityCheck;
import io.contextdb.spi.IntegrityReport;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is kept beside texts (postings, sums of spaces) is what the texts add up to, whatever was written how; and is mended where not. */
class TextCountTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final List<String> TEXTS =
            List.of("👍", "...", "???", "", "one", "one one", "two words", "Three, three; THREE!", "a b c d e f g");

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static void apply(Backend backend, Mutation... mutations) {
        backend.apply(WriteBatch.of(N, List.of(mutations)), soon());
    }

    private static VectorMutation.PutPoint put(Random random, String space, UUID id) {
        return new VectorMutation.PutPoint(
                space,
                VectorPoint.builder(id)
                        .vector(1, 1)
                        .text(TEXTS.get(random.nextInt(TEXTS.size())))
                        .labels(List.of("l" + random.nextInt(4)))
                        .subject(new UUID(8, random.nextInt(6)).toString())
                        .build());
    }

    private static UUID any(Random random) {
        return new UUID(7, random.nextInt(12));
    }

    /** New ids by themselves go by the statement that only adds, all else by the general way. */
    private static void step(Backend backend, Random random, String space) {
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> apply(backend, put(random, space, UuidV7.next()));
            case 3 -> apply(backend, put(random, space, UuidV7.next()), put(random, space, UuidV7.next()));
            case 4 -> apply(backend, put(random, space, any(random)), put(random, space, any(random)));
            case 5 -> {
                UUID id = any(random);
                apply(backend, put(random, space, id), new VectorMutation.DeletePoint(space, id));
            }
            case 6 -> apply(backend, new VectorMutation.DeletePoint(space, any(random)));
            case 7 ->
                apply(
                        backend,
                        put(random, space, any(random)),
                        new VectorMutation.DeletePoints(space, Filter.label("l" + random.nextInt(4)), 10_000),
                        put(random, space, any(random)));
            default -> apply(backend, new GraphMutation.Erase(List.of(new UUID(8, random.nextInt(6)))));
        }
    }

    private static void search(Backend backend, String space) {
        backend.vectors()
                .searchText(
                        new ReadScope(N, soon(), CommitToken.NONE), List.of(TextQuery.of(space, "one two three a", 5)));
    }

    private static void sound(Backend backend, String when) {
        assertThat(check(backend).verify(soon()).damages()).as(when).isEmpty();
    }

    private static IntegrityCheck check(Backend backend) {
        return backend.integrity().orElseThrow();
    }

    @Test
    void countsAreThoseOfTheTextsAfterEachStep() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Backend backend = TestServer.open(TestServer.get().url(TestServer.schema("counts")))) {
            apply(backend, new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
            for (int i = 0; i < 80; i++) {
                step(backend, random, "s");
                sound(backend, "step " + i + ", seed " + seed);
                search(backend, "s");
            }
            apply(backend, new VectorMutation.DropSpace("s"));
            sound(backend, "dropped");
            apply(backend, new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
            step(backend, random, "s");
            backend.namespaces().drop(N, soon());
            sound(backend, "namespace dropped");
        }
    }

    /** A look sees one state, and what is mended adds to what writers add meanwhile. */
    @Test
    void countsHoldWhileOthersWriteAndWhileTheyAreMended() {
        long seed = System.nanoTime();
        String schema = TestServer.schema("countsbusy");
        try (Backend backend = TestServer.open(TestServer.get().url(schema));
                ExecutorService threads = Executors.newCachedThreadPool()) {
            apply(backend, new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
            AtomicBoolean over = new AtomicBoolean();
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                Random random = new Random(seed + w);
                writers.add(CompletableFuture.runAsync(
                        () -> {
                            while (!over.get()) {
                                step(backend, random, "s");
                            }
                        },
                        threads));
            }
            try {
                for (int i = 0; i < 15; i++) {
                    sound(backend, "look " + i + ", seed " + seed);
                    ServerPair.execute(
                            TestServer.get(),
                            "UPDATE " + schema + ".space SET texts = texts - 1000, words = words + 7");
                    CompletableFuture<IntegrityReport> other =
                            CompletableFuture.supplyAsync(() -> check(backend).repair(soon()), threads);
                    check(backend).repair(soon());
                    other.join();
                    search(backend, "s");
                }
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            } finally {
                over.set(true);
                writers.forEach(CompletableFuture::join);
            }
            sound(backend, "in the end, seed " + seed);
        }
    }

    @Test
    void whatDoesNotAgreeWithTheTextsIsFoundAndMended() throws SQLException {
        TestServer server = TestServer.get();
        String schema = TestServer.schema("countswrong");
        try (Backend backend = TestServer.open(server.url(schema))) {
            apply(backend, new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
            Random random = new Random(1);
            for (int i = 0; i < 30; i++) {
                apply(backend, put(random, "s", UuidV7.next()));
            }
            apply(backend, text(new UUID(9, 1), "one two"), text(new UUID(9, 2), "one"), text(new UUID(9, 3), "x"));
            ServerPair.execute(server, "UPDATE " + schema + ".space SET texts = -1, words = -5");
            search(backend, "s");

            String in = schema + ".posting";
            String space = "(SELECT id FROM " + schema + ".space)";
            ServerPair.execute(
                    server, "DELETE FROM " + in + " WHERE word = 'two' AND point = '" + new UUID(9, 1) + "'");
            ServerPair.execute(server, "UPDATE " + in + " SET times = 9 WHERE point = '" + new UUID(9, 2) + "'");
            ServerPair.execute(
                    server,
                    "INSERT INTO " + in + " SELECT " + space + ", 'other', '" + new UUID(9, 3)
                            + "', 1, 1 UNION ALL SELECT " + space + ", 'gone', '" + new UUID(9, 4) + "'::uuid, 1, 1");

            IntegrityReport found = check(backend).repair(soon());
            assertThat(found.damages()).hasSize(5).allMatch(damage -> damage.repairable());
            assertThat(found.damages().toString())
                    .contains("counts of space s", "postings of point " + new UUID(9, 1), "are of no point");
            sound(backend, "mended");
            assertThat(ServerPair.ask(
                            server, "SELECT count(*) = 0 FROM " + in + " WHERE word IN ('other', 'gone') OR times = 9"))
                    .isTrue();
        }
    }

    /** Stores that drifted before are mended once, when they are brought up to date. */
    @Test
    void countsThatDriftedBeforeAreMendedByTheMigration() throws SQLException {
        TestServer server = TestServer.get();
        String schema = TestServer.schema("countsold");
        try (Backend backend = TestServer.open(server.url(schema))) {
            apply(backend, new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)), text(new UUID(9, 1), "one two"));
            apply(backend, new VectorMutation.CreateSpace(VectorSpace.cosine("empty", 2)));
        }
        ServerPair.execute(server, "UPDATE " + schema + ".space SET texts = -1, words = 5");
        ServerPair.execute(server, "DELETE FROM " + schema + "." + Migrations.HISTORY + " WHERE version::int >= 12");
        try (Backend backend = TestServer.open(server.url(schema))) {
            sound(backend, "migrated");
        }
    }

    private static VectorMutation.PutPoint text(UUID id, String text) {
        return new VectorMutation.PutPoint(
                "s", VectorPoint.builder(id).vector(1, 1).text(text).build());
    }
}
