package io.contextdb.bench;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Durable batches of a node and a key: one thread against several, and the embedded store against {@link BareGroupWriter} on
 * the same schema, in turn. Arguments: batches in a round (4,000), rounds (5), threads (8).
 */
public final class GroupCommitBenchmark {
    private static final byte[] VALUE =
            "a value of some thirty bytes ....".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    /** Writes a batch that no other is like. */
    private interface Store {
        void write(UUID id);
    }

    private GroupCommitBenchmark() {}

    /** Runs and prints a Markdown table. */
    public static void main(String[] arguments) throws Exception {
        int batches = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8;
        try (TemporaryDirectory directory = new TemporaryDirectory();
                ContextConnection connection = ContextDriverManager.getConnection(
                        "contextdb:embedded:" + directory.path().resolve("ours"));
                BareGroupWriter bare = new BareGroupWriter(directory.path().resolve("bare.db"));
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Namespace namespace = connection.namespace("bench");
            Store ours = id -> namespace
                    .batch()
                    .put(NodeDraft.of(
                            id,
                            NodeContent.builder()
                                    .label("bench")
                                    .property("name", "k" + id)
                                    .build()))
                    .put("k" + id, Bytes.of(VALUE))
                    .apply();
            Store theirs = id -> bare.put(UUID.randomUUID(), id, "k" + id, VALUE);
            Rate oursAlone = Rate.perSecond(rounds);
            Rate oursTogether = Rate.perSecond(rounds);
            Rate theirsAlone = Rate.perSecond(rounds);
            Rate theirsTogether = Rate.perSecond(rounds);
            int few = Math.max(1, batches / threads);
            for (Store store : List.of(ours, theirs)) {
                write(pool, threads, batches, store); // warms up
            }
            for (int round = 0; round < rounds; round++) {
                oursAlone.round(few, () -> write(pool, 1, few, ours));
                theirsAlone.round(few, () -> write(pool, 1, few, theirs));
                oursTogether.round(batches, () -> write(pool, threads, batches, ours));
                theirsTogether.round(batches, () -> write(pool, threads, batches, theirs));
            }
            System.out.println("| durable batches per second | 1 thread | " + threads + " threads | ratio |");
            System.out.println("|---|---|---|---|");
            print("contextdb embedded", oursAlone, oursTogether);
            print("bare group-committing writer", theirsAlone, theirsTogether);
            System.out.printf(
                    Locale.ROOT,
                    "| ratio | %.2f | %.2f | |%n",
                    oursAlone.median() / theirsAlone.median(),
                    oursTogether.median() / theirsTogether.median());
        }
    }

    private static void print(String name, Rate alone, Rate together) {
        System.out.printf(
                Locale.ROOT, "| %s | %s | %s | %.1f |%n", name, alone, together, together.median() / alone.median());
    }

    private static void write(ExecutorService pool, int threads, int batches, Store store) {
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            running.add(pool.submit(() -> {
                for (int i = 0; i < batches / threads; i++) {
                    store.write(UUID.randomUUID());
                }
            }));
        }
        for (Future<?> thread : running) {
            try {
                thread.get();
            } catch (InterruptedException | ExecutionException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
