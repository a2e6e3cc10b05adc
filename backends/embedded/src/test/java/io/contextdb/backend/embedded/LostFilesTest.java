package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.KeyMutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store does whose directory, or one of whose files, is removed, moved or replaced while it is open. */
class LostFilesTest {
    @TempDir
    Path place;

    private Path directory;

    @BeforeEach
    void choose() {
        directory = place.resolve("store");
    }

    private Opened opened() {
        Opened opened = Opened.in(directory);
        opened.apply(KeyMutation.PutKey.of("k", Bytes.utf8("acknowledged")));
        return opened;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void assertTold(Opened opened) {
        assertThatThrownBy(() -> opened.apply(KeyMutation.PutKey.of("k", Bytes.utf8("lost"))))
                .isInstanceOfSatisfying(
                        ContextUnavailableException.class,
                        told -> assertThat(told.outcome()).isEqualTo(Outcome.UNKNOWN))
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("removed, moved or replaced");
        assertThatThrownBy(() -> opened.apply(KeyMutation.PutKey.of("k", Bytes.utf8("lost"))))
                .isInstanceOfSatisfying(
                        ContextUnavailableException.class,
                        told -> assertThat(told.outcome()).isEqualTo(Outcome.NOT_APPLIED));
        assertThatThrownBy(() -> opened.backend().keys().get(opened.scope(), List.of("k")))
                .isInstanceOf(ContextUnavailableException.class)
                .hasMessageContaining(directory.toString());
        Health health = opened.backend().health(Opened.soon());
        assertThat(health.status()).isEqualTo(Health.Status.DOWN);
        assertThat(health.details().get("error")).contains(directory.toString());
        Throwable closing = catchThrowable(opened::close);
        assertThat(closing)
                .isInstanceOf(ContextUnavailableException.class)
                .hasMessageContaining(directory.toString())
                .message()
                .doesNotContain("safe");
        assertThat(((ContextException) closing).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("contextdb-") || name.startsWith("Lucene Merge"));
    }

    @Test
    void aDirectoryThatIsRemoved() throws IOException {
        Opened opened = opened();
        remove(directory);
        assertTold(opened);
        assertThat(directory).doesNotExist();
        try (Opened again = Opened.in(directory)) {
            assertThat(again.backend().keys().get(again.scope(), List.of("k"))).isEmpty();
        }
    }

    @Test
    void aDirectoryThatIsMovedAway() throws IOException {
        Opened opened = opened();
        Path elsewhere = place.resolve("elsewhere");
        Files.move(directory, elsewhere);
        assertTold(opened);
        assertThat(directory).doesNotExist();
        try (Opened again = Opened.in(elsewhere)) {
            assertThat(again.backend().keys().get(again.scope(), List.of("k")))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.value().utf8()).isIn("acknowledged", "lost"));
        }
    }

    /** Another store in the same place, which the first must leave alone in whatever it does. */
    @Test
    void aDirectoryThatIsReplacedByAnotherStores() throws IOException {
        Path other = place.resolve("other");
        try (Opened another = Opened.in(other)) {
            another.apply(KeyMutation.PutKey.of("k", Bytes.utf8("another's")));
        }
        Opened opened = opened();
        Files.move(directory, place.resolve("elsewhere"));
        Files.move(other, directory);
        List<String> before = names(directory);
        assertTold(opened);
        assertThat(names(directory)).isEqualTo(before);
        try (Opened again = Opened.in(directory)) {
            assertThat(again.backend().keys().get(again.scope(), List.of("k")))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.value().utf8()).isEqualTo("another's"));
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"records.db", "records.db-wal", "lock"})
    void oneFileThatIsRemoved(String file) throws IOException {
        Opened opened = opened();
        Files.delete(directory.resolve(file));
        assertTold(opened);
    }

    @ParameterizedTest
    @ValueSource(strings = {"records.db", "records.db-wal", "lock"})
    void oneFileThatIsReplacedByACopy(String file) throws IOException {
        Opened opened = opened();
        Path path = directory.resolve(file);
        Files.copy(path, place.resolve("copy"));
        Files.delete(path);
        Files.move(place.resolve("copy"), path);
        assertTold(opened);
    }

    @Test
    void readsFailThoughNobodyWrites() throws Exception {
        Opened opened = opened();
        remove(directory);
        long end = System.nanoTime() + 30_000_000_000L;
        Throwable told = null;
        while (told == null && System.nanoTime() < end) {
            Thread.sleep(20);
            told = catchThrowable(() -> opened.backend().keys().get(opened.scope(), List.of("k")));
        }
        assertThat(told).isInstanceOf(ContextUnavailableException.class);
        assertThatThrownBy(opened::close).isInstanceOf(ContextUnavailableException.class);
    }

    @Test
    void closingAtOnceTells() throws IOException {
        Opened opened = opened();
        remove(directory);
        assertThatThrownBy(opened::close)
                .isInstanceOf(ContextUnavailableException.class)
                .hasMessageContaining("removed, moved or replaced");
    }

    @Test
    void whoOpensItMeanwhileInTheProcessIsTold() throws IOException {
        Opened opened = opened();
        remove(directory);
        Files.createDirectory(directory);
        assertThatThrownBy(() -> Opened.in(directory))
                .isInstanceOf(ContextUnavailableException.class)
                .hasMessageContaining("removed, moved or replaced");
        assertThatThrownBy(opened::close).isInstanceOf(ContextUnavailableException.class);
        Opened.in(directory).close();
    }
}
