package io.contextdb.tck.crash;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Kills a writing process round after round, on one store, and checks the store after each kill. For stores in the process
 * (a directory) that declare {@link io.contextdb.spi.capability.Capability#CRASH_SAFE}.
 */
public final class CrashHarness {
    private static final int WRITERS = 4;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final String url;
    private final Path work;
    private final Random random;

    /**
     * Creates a harness.
     *
     * @param url the store, empty at first
     * @param work an empty folder for the file of acknowledgements
     * @param seed decides when the process is killed
     */
    public CrashHarness(String url, Path work, long seed) {
        this.url = url;
        this.work = work;
        this.random = new Random(seed);
    }

    /**
     * Runs rounds and returns how many batches were acknowledged in all.
     *
     * @throws AssertionError if an acknowledged batch is missing or incomplete, or another is there in part
     */
    public long run(int rounds) throws IOException, InterruptedException {
        Path acknowledged = work.resolve("acknowledged");
        long[] next = new long[WRITERS];
        for (int round = 1; round <= rounds; round++) {
            long before = Files.exists(acknowledged) ? Files.size(acknowledged) : 0;
            killOne(acknowledged, next, before);
            long[] first = next.clone();
            long[] last = acknowledgedSteps(acknowledged, next);
            try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
                next = new CrashChecker(connection.namespace("crash"), "round " + round).check(first, last);
            }
        }
        return Arrays.stream(next).sum();
    }

    private void killOne(Path acknowledged, long[] next, long before) throws IOException, InterruptedException {
        Path log = work.resolve("writer.log");
        Process process = new ProcessBuilder(command(acknowledged, next))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Instant limit = Instant.now().plus(START_LIMIT);
            while (!Files.exists(acknowledged) || Files.size(acknowledged) == before) {
                if (!process.isAlive() || Instant.now().isAfter(limit)) {
                    throw new AssertionError("the writer wrote nothing:\n" + Files.readString(log));
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
            // The kill must come at a time that nothing waits for; this sleep is the test's subject, not its timing.
            TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private List<String> command(Path acknowledged, long[] next) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path", ""),
                CrashWriter.class.getName(),
                url,
                acknowledged.toString()));
        for (long step : next) {
            command.add(Long.toString(step));
        }
        return command;
    }

    /** Returns, for each writer, the step after the last one that it noted. */
    private static long[] acknowledgedSteps(Path file, long[] next) throws IOException {
        long[] steps = next.clone();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split(" ", -1);
            int writer = Integer.parseInt(parts[0]);
            steps[writer] = Math.max(steps[writer], Long.parseLong(parts[1]) + 1);
        }
        return steps;
    }
}
