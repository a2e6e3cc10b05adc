package io.contextdb.bench.retrieval;

import com.sun.management.ThreadMXBean;
import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Operation;
import io.contextdb.bench.Profile;
import io.contextdb.bench.Spread;
import io.contextdb.bench.Suite;
import io.contextdb.bench.Table;
import io.contextdb.bench.TemporaryDirectory;
import io.contextdb.bench.VectorData;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryMode;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.memory.MemorySettings;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorQuery;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * A whole retrieval in the embedded store against each of its legs alone, asked in turn: how long the slowest hundredth takes, and how
 * much all threads allocate, with 10,000 and with 100,000 memories.
 */
public final class RetrieveSuite implements Suite {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What a retrieval of 10 asks each leg for. */
    private static final int POOL = 50;

    private static final int WALK_SEEDS = 5;
    private static final int TIMES = 2_000;
    private static final int BATCH = 200;

    @Override
    public void run(BenchmarkRun run) throws Exception {
        int[] sizes = run.profile() == Profile.SMOKE ? new int[] {10_000} : new int[] {10_000, 100_000};
        VectorData data = new VectorData(sizes[sizes.length - 1]);
        try (TemporaryDirectory directory = new TemporaryDirectory();
                ContextConnection connection = ContextDriverManager.getConnection(
                        "contextdb:embedded:" + directory.path() + "?durability=os")) {
            Namespace namespace = connection.namespace("bench");
            namespace.memory().configure(MemorySettings.forVectors(VectorData.DIMENSIONS));
            Table table = Table.of(
                    "retrieve/legs",
                    "Retrieval of 10 memories (vector, text, walk, scores) against its legs alone",
                    "memories",
                    "what",
                    "median, µs",
                    "99th percentile, µs",
                    "allocated a call, bytes",
                    "p99 of the whole by the slowest leg's");
            int there = 0;
            for (int size : sizes) {
                fill(namespace, data, there, size);
                there = size;
                table = measure(table, namespace, data, size);
            }
            run.add(table);
        }
    }

    private static void fill(Namespace namespace, VectorData data, int from, int to) {
        Random random = new Random(from);
        for (int start = from; start < to; start += BATCH) {
            List<MemoryDraft> drafts = new ArrayList<>();
            for (int i = start; i < Math.min(start + BATCH, to); i++) {
                MemoryDraft draft = MemoryDraft.of(data.text(i))
                        .id(VectorData.id(i))
                        .vector(Vector.of(data.vector(i)))
                        .asIs();
                for (int relation = 0; relation < 2 && i > 1; relation++) {
                    draft = draft.relation("relates", VectorData.id(random.nextInt(i)), random.nextDouble());
                }
                drafts.add(draft);
            }
            namespace.memory().write(drafts);
        }
    }

    private static Table measure(Table table, Namespace namespace, VectorData data, int size) throws Exception {
        Map<String, Operation> calls = new LinkedHashMap<>();
        calls.put(
                "retrieve",
                () -> namespace
                        .memory()
                        .retrieve(MemoryQuery.of(data.question()).vector(Vector.of(data.query())))
                        .items()
                        .size());
        calls.put(
                "vector leg, " + POOL + " nearest",
                () -> namespace
                        .vectors()
                        .search(VectorQuery.nearest(MemorySettings.SPACE, Vector.of(data.query()), POOL))
                        .size());
        calls.put(
                "text leg, " + POOL + " best",
                () -> namespace
                        .vectors()
                        .searchText(TextQuery.of(MemorySettings.SPACE, data.question(), POOL))
                        .size());
        Random random = new Random(BenchmarkRun.SEED);
        calls.put("walk leg", () -> namespace.graph().walk(walk(random, size)).size());
        long[][] nanos = new long[calls.size()][TIMES];
        long[] bytes = new long[calls.size()];
        // Some come before those that count.
        for (int time = -TIMES / 2; time < TIMES; time++) {
            int call = 0;
            for (Operation operation : calls.values()) {
                long before = THREADS.getTotalThreadAllocatedBytes();
                long start = System.nanoTime();
                if (operation.run() == 0) {
                    throw new IllegalStateException("nothing was found");
                }
                long taken = System.nanoTime() - start;
                if (time >= 0) {
                    nanos[call][time] = taken;
                    bytes[call] += THREADS.getTotalThreadAllocatedBytes() - before;
                }
                call++;
            }
        }
        Arrays.stream(nanos).forEach(Arrays::sort);
        long slowest =
                Arrays.stream(nanos).skip(1).mapToLong(RetrieveSuite::p99).max().orElseThrow();
        int call = 0;
        for (String name : calls.keySet()) {
            table = table.row(
                    String.format(Locale.ROOT, "%,d", size),
                    name,
                    Spread.figure(nanos[call][TIMES / 2] / 1e3),
                    Spread.figure(p99(nanos[call]) / 1e3),
                    Spread.figure((double) bytes[call] / TIMES),
                    call == 0 ? Spread.figure((double) p99(nanos[0]) / slowest) : "");
            call++;
        }
        return table;
    }

    private static long p99(long[] sorted) {
        return sorted[sorted.length * 99 / 100];
    }

    private static WalkQuery walk(Random random, int size) {
        List<UUID> seeds =
                random.ints(WALK_SEEDS, 0, size).mapToObj(VectorData::id).toList();
        return WalkQuery.from(seeds)
                .direction(Direction.BOTH)
                .maxDepth(MemoryMode.GENERAL.depth())
                .strategy(MemoryMode.GENERAL.strategy())
                .limit(POOL + WALK_SEEDS)
                .build();
    }
}
