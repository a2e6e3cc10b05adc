package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.Health;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexRepairTest {
    private static final int POINTS = 3_000;
    private static final int DIMENSIONS = 16;

    @TempDir
    Path directory;

    private Path index() {
        return directory.resolve("index");
    }

    private static Vector vector(int n) {
        Random random = new Random(n);
        float[] values = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Vector.of(values);
    }

    private static void put(Opened opened, int from, int to) {
        List<Mutation> batch = new ArrayList<>();
        for (int i = from; i < to; i++) {
            batch.add(new VectorMutation.PutPoint(
                    "default",
                    VectorPoint.builder(new UUID(1, i))
                            .vector(vector(i))
                            .text("word" + i + " common")
                            .property("n", i)
                            .build()));
        }
        opened.apply(batch);
    }

    private static void assertFindsAll(Opened opened, int points) {
        for (int i = 0; i < points; i += 97) {
            assertThat(nearest(opened, i))
                    .first()
                    .satisfies(hit -> assertThat(hit.score()).isGreaterThan(0.9999));
            assertThat(nearest(opened, i).get(0).point().id()).isEqualTo(new UUID(1, i));
        }
        int last = points - 1;
        assertThat(opened.backend()
                        .vectors()
                        .searchText(opened.scope(), List.of(TextQuery.of("default", "word" + last, 3)))
                        .get(0))
                .singleElement()
                .satisfies(hit -> assertThat(hit.point().id()).isEqualTo(new UUID(1, last)));
        assertThat(opened.backend()
                        .vectors()
                        .search(
                                opened.scope(),
                                List.of(VectorQuery.nearest("default", vector(0), 1_000)
                                        .where(Filter.lt(Field.property("n"), 500))))
                        .get(0))
                .hasSize(500);
    }

    private static List<Hit> nearest(Opened opened, int n) {
        return opened.backend()
                .vectors()
                .search(opened.scope(), List.of(VectorQuery.nearest("default", vector(n), 3)))
                .get(0);
    }

    private void fill() {
        try (Opened opened = Opened.in(directory)) {
            opened.apply(new VectorMutation.CreateSpace(VectorSpace.cosine("default", DIMENSIONS)));
            put(opened, 0, POINTS);
            assertFindsAll(opened, POINTS);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aWriteIsVisibleAtOnceAndADeletionToo() {
        try (Opened opened = Opened.in(directory)) {
            opened.apply(new VectorMutation.CreateSpace(VectorSpace.cosine("default", DIMENSIONS)));
            for (int i = 0; i < 50; i++) {
                put(opened, i, i + 1);
                assertThat(nearest(opened, i).get(0).point().id()).isEqualTo(new UUID(1, i));
            }
            opened.apply(new VectorMutation.DeletePoint("default", new UUID(1, 7)));
            assertThat(nearest(opened, 7)).noneMatch(hit -> hit.point().id().equals(new UUID(1, 7)));
        }
    }

    @Test
    void anIndexThatIsMissingIsRebuilt() throws IOException {
        fill();
        delete(index());
        try (Opened opened = Opened.in(directory)) {
            assertFindsAll(opened, POINTS);
        }
    }

    @Test
    void anIndexThatIsDamagedIsRebuilt() throws IOException {
        fill();
        try (Stream<Path> files = Files.list(index())) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().startsWith("write.lock")) {
                    Files.write(file, new byte[] {1, 2, 3});
                }
            }
        }
        try (Opened opened = Opened.in(directory)) {
            assertFindsAll(opened, POINTS);
            assertThat(opened.backend().health(Opened.soon()).status()).isEqualTo(Health.Status.UP);
        }
    }

    @Test
    void anIndexThatIsBehindCatchesUp() throws IOException {
        fill();
        Path old = directory.resolve("old");
        copy(index(), old);
        try (Opened opened = Opened.in(directory)) {
            put(opened, POINTS, POINTS + 500);
            opened.apply(new VectorMutation.DeletePoint("default", new UUID(1, 777)));
        }
        delete(index());
        copy(old, index());
        try (Opened opened = Opened.in(directory)) {
            assertFindsAll(opened, POINTS + 500);
            assertThat(nearest(opened, 777)).noneMatch(hit -> hit.point().id().equals(new UUID(1, 777)));
        }
    }

    @Test
    void anIndexOfAnotherStoreIsThrownAway() throws IOException {
        fill();
        Path other = directory.resolve("other");
        try (Opened opened = Opened.in(other)) {
            opened.apply(new VectorMutation.CreateSpace(VectorSpace.cosine("default", DIMENSIONS)));
            put(opened, 0, 600);
        }
        delete(other.resolve("index"));
        Files.delete(other.resolve("index"));
        copy(index(), other.resolve("index"));
        try (Opened opened = Opened.in(other)) {
            assertThat(nearest(opened, 1_000)).noneMatch(hit -> hit.point().id().equals(new UUID(1, 1_000)));
            assertFindsAll(opened, 600);
        }
    }
}
