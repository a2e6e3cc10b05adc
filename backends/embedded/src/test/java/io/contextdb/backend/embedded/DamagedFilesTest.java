package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.Health;
import io.contextdb.spi.error.CorruptDataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages files of a store at random places, and reads everything: each answer is the one that was written, or an error that says
 * what is damaged. {@code -Dcontextdb.damages=200} says how many places of each file; the seed is printed.
 */
class DamagedFilesTest {
    private static final int PLACES = Integer.getInteger("contextdb.damages", 8);
    private static final List<String> FILES =
            List.of("records.db", "records.db-wal", "records.db-shm", "records.db-mark", "records.db-sums", "lock");
    private static final int ROUNDS = 3;

    @TempDir
    Path directory;

    /** A store that was closed, one whose process was killed, and what they hold. */
    private Path closed;

    private Path killed;
    private Path closedBefore;
    private Path killedBefore;
    private Map<String, Object> truth;
    private Map<String, Object> truthBefore;
    private Map<String, Object> truthClosedBefore;
    private final long seed = Long.getLong("contextdb.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @BeforeEach
    void fill() throws IOException {
        System.out.println("seed " + seed);
        Path store = directory.resolve("store");
        closed = directory.resolve("closed");
        killed = directory.resolve("killed");
        closedBefore = directory.resolve("closed-before");
        killedBefore = directory.resolve("killed-before");
        try (Opened opened = Opened.in(store)) {
            AllRecords.write(opened, 0);
            truthClosedBefore = AllRecords.read(opened, ROUNDS);
        }
        copy(store, closedBefore);
        try (Opened opened = Opened.in(store)) {
            AllRecords.write(opened, 1);
            truthBefore = AllRecords.read(opened, ROUNDS);
            copy(store, killedBefore);
            AllRecords.write(opened, 2);
            truth = AllRecords.read(opened, ROUNDS);
            copy(store, killed);
        }
        copy(store, closed);
        assertThat(truth.values()).noneMatch(answer -> answer instanceof AllRecords.Damaged);
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (!file.getFileName().toString().equals("write.lock")) {
                    Files.copy(file, copy);
                }
            }
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** What a change of a store's files does. */
    private interface Change {
        void to(Path store) throws IOException;
    }

    private static void flip(Path file, long position, int bit) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            int value = bytes.read();
            bytes.seek(position);
            bytes.write(value ^ bit);
        }
    }

    /** Changes a copy of a store, opens it, reads everything, and says what came of it. */
    private String outcome(Path of, Change change, String what, List<Map<String, Object>> older) throws IOException {
        Path store = directory.resolve("changed");
        copy(of, store);
        change.to(store);
        String outcome;
        try (Opened opened = Opened.in(store)) {
            Map<String, Object> read = AllRecords.read(opened, ROUNDS);
            Health health = opened.backend().health(Opened.soon());
            outcome = judge(read, health, what, older);
        } catch (CorruptDataException refused) {
            assertThat(refused.getMessage()).as(what).contains("records.db");
            outcome = "refused: " + refused.getMessage().replaceAll(".*/", "").replaceAll("[0-9]+", "N");
        }
        delete(store);
        outcomes.merge(outcome.length() > 110 ? outcome.substring(0, 110) : outcome, 1, Integer::sum);
        return outcome;
    }

    private String judge(Map<String, Object> read, Health health, String what, List<Map<String, Object>> older) {
        if (read.equals(truth)) {
            return health.status() == Health.Status.UP ? "equal" : "equal, and told";
        }
        for (Map<String, Object> before : older) {
            if (read.equals(before)) {
                assertThat(health.status())
                        .as(what + ": an older state is told")
                        .isEqualTo(Health.Status.DEGRADED);
                assertThat(health.details().get("records")).contains("went back to commit");
                return "older state, told";
            }
        }
        int damaged = 0;
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Object> each : truth.entrySet()) {
            Object answer = read.get(each.getKey());
            if (answer instanceof AllRecords.Damaged told) {
                assertThat(told.message()).as(what).contains("records.db").contains("page ");
                damaged++;
            } else if (!answer.equals(each.getValue())) {
                wrong.add(each.getKey() + ": " + each.getValue() + " became " + answer);
            }
        }
        assertThat(wrong).as(what + ", seed " + seed + ", health " + health).isEmpty();
        assertThat(health.status()).as(what + ": damage is told").isEqualTo(Health.Status.DEGRADED);
        return damaged > truth.size() / 2 ? "more than half is an error" : "some is an error, the rest equal";
    }

    private void print(String title) {
        System.out.println(title);
        outcomes.forEach((outcome, count) -> System.out.println("  " + count + " × " + outcome));
        outcomes.clear();
    }

    @Test
    void aFlippedByteIsNeverAWrongAnswer() throws IOException {
        for (Path of : List.of(closed, killed)) {
            for (String name : FILES) {
                if (!Files.exists(of.resolve(name)) || Files.size(of.resolve(name)) == 0) {
                    continue;
                }
                long size = Files.size(of.resolve(name));
                for (int i = 0; i < PLACES; i++) {
                    long position = random.nextLong(size);
                    int bit = 1 << random.nextInt(8);
                    outcome(
                            of,
                            store -> flip(store.resolve(name), position, bit),
                            of.getFileName() + "/" + name + " at " + position + " ^ " + bit,
                            List.of());
                }
                print("flipped bytes of " + name + " (" + size + " bytes), " + of.getFileName());
            }
        }
    }

    @Test
    void aFileThatIsCutOffIsNeverAWrongAnswer() throws IOException {
        for (Path of : List.of(closed, killed)) {
            for (String name : FILES) {
                if (!Files.exists(of.resolve(name)) || Files.size(of.resolve(name)) == 0) {
                    continue;
                }
                long size = Files.size(of.resolve(name));
                for (int i = 0; i < Math.max(3, PLACES / 4); i++) {
                    long length = i == 0 ? 0 : i == 1 ? size - 1 : random.nextLong(size);
                    outcome(
                            of,
                            store -> {
                                try (RandomAccessFile bytes =
                                        new RandomAccessFile(store.resolve(name).toFile(), "rw")) {
                                    bytes.setLength(length);
                                }
                            },
                            of.getFileName() + "/" + name + " cut off at " + length,
                            List.of());
                }
                print(name + " (" + size + " bytes) cut off, " + of.getFileName());
            }
        }
    }

    @Test
    void anOlderFileIsNeverMixedWithNewerOnes() throws IOException {
        for (Path of : List.of(closed, killed)) {
            for (Path before : List.of(closedBefore, killedBefore, closed, killed)) {
                for (String name : FILES) {
                    if (before.equals(of) || (!Files.exists(before.resolve(name)) && !Files.exists(of.resolve(name)))) {
                        continue;
                    }
                    String what = name + " of " + before.getFileName() + " in " + of.getFileName();
                    outcome(
                            of,
                            store -> {
                                Files.deleteIfExists(store.resolve(name));
                                if (Files.exists(before.resolve(name))) {
                                    Files.copy(before.resolve(name), store.resolve(name));
                                }
                            },
                            what,
                            List.of(truthBefore, truthClosedBefore));
                    print(what);
                }
            }
        }
    }
}
