package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.CopyReport;
import io.contextdb.spi.vector.VectorSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers in processes of their own, and the three stores below them, are killed again and again, one of them a round; Redis loses
 * what it wrote last, too. At the end every batch is there whole, once, or not at all.
 */
@Tag("slow")
class ScaledCrashTest {
    private static final int ROUNDS = Integer.getInteger("contextdb.crash.rounds", 30);
    private static final int WRITERS = 2;
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final CopyReport SAME = new CopyReport(0, 0, 0);

    @TempDir
    private Path work;

    /** What happens in a round. */
    private enum Fault {
        WRITER,
        POSTGRESQL,
        QDRANT,
        REDIS,
        REDIS_WITH_LOSS
    }

    @Test
    void everyBatchIsWholeOrNotThereWhateverIsKilled() throws IOException {
        long seed = Long.getLong("contextdb.seed", System.nanoTime());
        System.out.println("crash of several stores: seed " + seed);
        Random random = new Random(seed);
        try (CrashStores stores = new CrashStores(random);
                CrashLog log = new CrashLog(work.resolve("log"))) {
            createSpaces(stores.url());
            crash(stores, log, random);
            try (ContextConnection connection =
                    ContextDriverManager.getConnection(stores.url()).withTimeout(LIMIT)) {
                Lag.awaitNone(connection, LIMIT);
                List<CrashLog.Entry> entries = log.entries();
                System.out.printf(
                        "crash of several stores: %d rounds, %d operations acknowledged, %d of all stores, %d bytes lost by Redis%n",
                        ROUNDS,
                        entries.stream()
                                .filter(entry -> entry.stage() == CrashLog.Stage.DONE)
                                .count(),
                        entries.stream()
                                .filter(entry -> entry.is(CrashLog.Stage.DONE, CrashOperation.Kind.WHOLE))
                                .count(),
                        stores.lostBytes());
                assertThat(entries)
                        .as("writers said: %s", brokenOperations())
                        .noneMatch(entry -> entry.stage() == CrashLog.Stage.BROKEN);
                for (String name : CrashOperation.NAMESPACES) {
                    new CrashCheck(connection.namespace(name), entries).run(stores::mayHaveLost);
                }
                assertThat(connection.verify().copies()).isEqualTo(Map.of("vectors", SAME));
            }
        }
    }

    private static void createSpaces(String url) {
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            for (String name : CrashOperation.NAMESPACES) {
                connection
                        .namespace(name)
                        .vectors()
                        .createSpace(VectorSpace.cosine(CrashOperation.SPACE, CrashOperation.DIMENSIONS));
            }
        }
    }

    private void crash(CrashStores stores, CrashLog log, Random random) throws IOException {
        List<CrashProcess> writers = new ArrayList<>();
        try {
            for (int i = 0; i < WRITERS; i++) {
                writers.add(writer(stores, log, random));
            }
            awaitProgress(log);
            List<Fault> faults = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                if (faults.isEmpty()) {
                    faults.addAll(EnumSet.allOf(Fault.class));
                    Collections.shuffle(faults, random);
                }
                // The kill must come at a time that nothing waits for.
                Eventually.pause(Duration.ofMillis(300 + random.nextInt(1_000)));
                Fault fault = faults.remove(0);
                System.out.println("crash of several stores: round " + (round + 1) + ", " + fault);
                switch (fault) {
                    case WRITER -> {
                        writers.remove(0).close();
                        writers.add(writer(stores, log, random));
                    }
                    case POSTGRESQL -> stores.crashPostgresql();
                    case QDRANT -> stores.crashQdrant();
                    case REDIS -> stores.crashRedis();
                    case REDIS_WITH_LOSS -> stores.crashRedisWithLoss();
                }
                awaitProgress(log);
            }
        } finally {
            writers.forEach(CrashProcess::close);
        }
    }

    private static CrashProcess writer(CrashStores stores, CrashLog log, Random random) {
        return new CrashProcess(stores.url(), log.file(), random.nextLong());
    }

    /** Waits until batches of all stores are acknowledged again. */
    private void awaitProgress(CrashLog log) throws IOException {
        long from = log.end();
        try {
            Eventually.become(
                    "batches are acknowledged",
                    LIMIT,
                    () -> log.after(from).stream()
                            .anyMatch(entry -> entry.is(CrashLog.Stage.DONE, CrashOperation.Kind.WHOLE)));
        } catch (AssertionError none) {
            throw new AssertionError("writers said: " + writersSaid(), none);
        }
    }

    private List<String> brokenOperations() throws IOException {
        try (Stream<String> lines = Files.lines(work.resolve("writers"))) {
            return lines.filter(line -> line.startsWith(CrashLog.Stage.BROKEN + " "))
                    .toList();
        }
    }

    private String writersSaid() throws IOException {
        String said = Files.readString(work.resolve("writers"));
        return said.substring(Math.max(0, said.length() - 10_000));
    }
}
