package io.contextdb.bench.embedded;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Clock;
import io.contextdb.bench.Comparison;
import io.contextdb.bench.Side;
import io.contextdb.bench.Suite;
import io.contextdb.bench.TemporaryDirectory;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Records of the embedded store against SQLite by hand: keys, nodes, and durable batches of one caller and of eight. */
public final class EmbeddedSuite implements Suite {
    private static final Bytes VALUE = Bytes.utf8("a value of some thirty bytes ....");
    private static final int KEYS = 10_000;

    @Override
    public void run(BenchmarkRun run) throws Exception {
        try (TemporaryDirectory directory = new TemporaryDirectory();
                ContextConnection connection = ContextDriverManager.getConnection(
                        "contextdb:embedded:" + directory.path().resolve("ours"))) {
            Namespace namespace = connection.namespace("bench");
            for (int from = 0; from < KEYS; from += 1_000) {
                var batch = namespace.batch();
                for (int i = from; i < from + 1_000; i++) {
                    batch.put("key" + i, VALUE);
                    batch.put(NodeDraft.of(new UUID(1, i), node("key" + i)));
                }
                batch.apply();
            }
            try (BareRecords bare = new BareRecords(directory.path().resolve("ours/records.db"))) {
                reads(run, namespace, bare);
            }
            try (BareGroupWriter bare = new BareGroupWriter(directory.path().resolve("bare.db"))) {
                writes(run, namespace, bare);
            }
        }
    }

    private static void reads(BenchmarkRun run, Namespace namespace, BareRecords bare) throws Exception {
        run.compare(Comparison.of(
                        "embedded/get-key",
                        "get of a key",
                        Side.of(
                                "contextdb embedded",
                                () -> namespace
                                        .keys()
                                        .get("key" + any())
                                        .orElseThrow()
                                        .version()),
                        Side.of("SQLite by hand, a prepared statement on the same file", () -> bare.key("key" + any())))
                .by(Clock.CPU)
                .inSmoke());
        run.compare(Comparison.of(
                        "embedded/get-node",
                        "get of a node that was read before",
                        Side.of(
                                "contextdb embedded",
                                () -> namespace
                                        .graph()
                                        .get(new UUID(1, any()))
                                        .orElseThrow()
                                        .version()),
                        Side.of(
                                "SQLite by hand, a prepared statement on the same file",
                                () -> bare.node(new UUID(1, any()))))
                .by(Clock.CPU)
                .inSmoke());
    }

    private static void writes(BenchmarkRun run, Namespace namespace, BareGroupWriter bare) throws Exception {
        Comparison batch = Comparison.of(
                "embedded/commit-1",
                "durable batch of a node and a key",
                Side.of("contextdb embedded", () -> {
                    UUID id = UUID.randomUUID();
                    return namespace
                            .batch()
                            .put(NodeDraft.of(id, node("k" + id)))
                            .put("k" + id, VALUE)
                            .apply()
                            .token()
                            .commit();
                }),
                Side.of("bare group-committing SQLite writer on the same schema", () -> {
                    UUID id = UUID.randomUUID();
                    return bare.put(UUID.randomUUID(), id, "k" + id, VALUE);
                }));
        run.compare(batch);
        run.compare(new Comparison(
                "embedded/commit-8",
                batch.what(),
                batch.ours(),
                batch.theirs(),
                Clock.WALL,
                8,
                0.9,
                true,
                "callers wait for the same processors as the writer"));
    }

    private static NodeContent node(String name) {
        return NodeContent.builder().label("bench").property("name", name).build();
    }

    private static int any() {
        return ThreadLocalRandom.current().nextInt(KEYS);
    }
}
