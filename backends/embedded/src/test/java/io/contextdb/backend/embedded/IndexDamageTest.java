package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.Health;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to files of the index: the store opens, every answer is right, and nothing stays held. */
class IndexDamageTest {
    private static final int POINTS = 40;
    /** How many bytes of each file are changed, one at a time; more for a longer look. */
    private static final int FLIPS = Integer.getInteger("contextdb.embedded.flips", 8);

    @TempDir
    Path directory;

    private Path whole;
    private Path store;
    private Path index;

    @BeforeEach
    void fills() throws IOException {
        store = directory.resolve("store");
        index = store.resolve("index");
        whole = directory.resolve("whole");
        try (Opened opened = Opened.in(store)) {
            opened.apply(new VectorMutation.CreateSpace(VectorSpace.cosine("s", 4)));
            put(opened, 0, POINTS);
            opened.apply(KeyMutation.PutKey.of("precious", Bytes.utf8("1")));
        }
        copy(store, whole);
    }

    private static void put(Opened opened, int from, int to) {
        List<Mutation> batch = new ArrayList<>();
        for (int i = from; i < to; i++) {
            batch.add(new VectorMutation.PutPoint(
                    "s",
                    VectorPoint.builder(new UUID(1, i))
                            .vector(1, i, i % 7, 1)
                            .text("word" + i + " common")
                            .labels(List.of("l" + i % 3))
                            .build()));
        }
        opened.apply(batch);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void clear(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.toList().reversed()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void restored() throws IOException {
        clear(index);
        copy(whole.resolve("index"), index);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(whole.resolve("index"))) {
            return files.map(Path::getFileName)
                    .filter(name -> !name.toString().equals("write.lock"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Hit> text(Opened opened, String words, int k) {
        return opened.backend()
                .vectors()
                .searchText(opened.scope(), List.of(TextQuery.of("s", words, k)))
                .get(0);
    }

    private static void assertRight(Opened opened, String how, int points) {
        assertThat(opened.backend().keys().get(opened.scope(), List.of("precious")))
                .as(how)
                .hasSize(1);
        for (int i = 0; i < points; i += 13) {
            assertThat(text(opened, "word" + i, 3))
                    .as(how)
                    .extracting(hit -> hit.point().id())
                    .containsExactly(new UUID(1, i));
        }
        assertThat(text(opened, "common", 1_000)).as(how).hasSize(points);
        assertThat(opened.backend()
                        .vectors()
                        .search(opened.scope(), List.of(VectorQuery.nearest("s", Vector.of(1, 3, 3, 1), 1_000)))
                        .get(0))
                .as(how)
                .hasSize(points)
                .first()
                .satisfies(hit -> assertThat(hit.point().id()).isEqualTo(new UUID(1, 3)));
    }

    private void assertOpensAndIsRight(String how) {
        for (int i = 0; i < 2; i++) {
            try (Opened opened = Opened.in(store)) {
                assertRight(opened, how, POINTS);
                assertThat(opened.backend().health(Opened.soon()).status())
                        .as(how)
                        .isEqualTo(Health.Status.UP);
            }
        }
    }

    @Test
    void aFlippedByteIsNeverSeenByAnAnswer() throws IOException {
        Random random = new Random(7);
        for (Path file : files()) {
            byte[] right = Files.readAllBytes(whole.resolve("index").resolve(file));
            for (int i = 0; i < FLIPS; i++) {
                int at = random.nextInt(right.length);
                byte[] wrong = right.clone();
                wrong[at] ^= (byte) (1 + random.nextInt(255));
                restored();
                Files.write(index.resolve(file), wrong);
                assertThat(LuceneFiles.verify(index)).as("%s at %d", file, at).isNotEmpty();
                assertOpensAndIsRight(file + " at " + at);
                assertThat(LuceneFiles.verify(index)).as("%s at %d", file, at).isEmpty();
            }
        }
    }

    @Test
    void aFileThatIsCutIsMadeAnew() throws IOException {
        for (Path file : files()) {
            byte[] right = Files.readAllBytes(whole.resolve("index").resolve(file));
            for (int length : new int[] {0, 1, 15, right.length / 2, right.length - 1}) {
                restored();
                Files.write(index.resolve(file), Arrays.copyOf(right, Math.max(0, length)));
                assertOpensAndIsRight(file + " cut to " + length);
            }
        }
    }

    @Test
    void aFileThatIsMissingIsMadeAnew() throws IOException {
        for (Path file : files()) {
            restored();
            Files.delete(index.resolve(file));
            assertOpensAndIsRight("without " + file);
        }
    }

    @Test
    void whatIsNoIndexIsReplaced() throws IOException {
        clear(index);
        Files.writeString(index, "a file where the directory was");
        assertOpensAndIsRight("a file");
        restored();
        Files.createDirectories(index.resolve("inner/most"));
        Files.writeString(index.resolve("inner/most/file"), "x");
        try (Stream<Path> files = Files.list(index)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(file, "not an index");
            }
        }
        assertOpensAndIsRight("a directory with others in it");
    }

    @Test
    void anOlderCopyOfTheIndexCatchesUp() throws IOException {
        List<Path> older = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Path copy = directory.resolve("older" + i);
            copy(index, copy);
            older.add(copy);
            try (Opened opened = Opened.in(store)) {
                put(opened, POINTS + i, POINTS + i + 1);
                if (i == 3) {
                    opened.apply(new VectorMutation.DeletePoint("s", new UUID(1, POINTS + 1)));
                }
            }
        }
        for (Path copy : older) {
            clear(index);
            copy(copy, index);
            try (Opened opened = Opened.in(store)) {
                assertThat(text(opened, "common", 1_000)).hasSize(POINTS + 4);
                assertThat(text(opened, "word" + (POINTS + 4), 2)).hasSize(1);
                assertThat(text(opened, "word" + (POINTS + 1), 2)).isEmpty();
            }
        }
    }

    @Test
    void anIndexOfACopyThatWentAnotherWayIsThrownAway() throws IOException {
        Path other = directory.resolve("other");
        copy(store, other);
        try (Opened opened = Opened.in(other)) {
            put(opened, 500, 510);
        }
        try (Opened opened = Opened.in(store)) {
            for (int i = 0; i < 5; i++) {
                put(opened, POINTS + i, POINTS + i + 1);
            }
        }
        clear(index);
        copy(other.resolve("index"), index);

        try (Opened opened = Opened.in(store)) {
            assertRight(opened, "an index of a copy", POINTS + 5);
        }
    }

    @Test
    void nothingIsHeldOnceTheStoreIsClosed() throws IOException {
        Path file = index.resolve(files().get(0));
        for (int i = 0; i < 20; i++) {
            restored();
            byte[] wrong = Files.readAllBytes(file);
            assertThat(wrong).as("%s of %s", file, files()).isNotEmpty();
            wrong[wrong.length / 2] ^= 0x55;
            Files.write(file, wrong);
            try (Opened opened = Opened.in(store)) {
                assertRight(opened, "try " + i, POINTS);
            }
        }
        Path descriptors = Path.of("/proc/self/fd");
        if (Files.isDirectory(descriptors)) {
            try (Stream<Path> open = Files.list(descriptors)) {
                assertThat(open.map(IndexDamageTest::target).filter(target -> target.startsWith(store.toString())))
                        .isEmpty();
            }
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("contextdb-index"));
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
