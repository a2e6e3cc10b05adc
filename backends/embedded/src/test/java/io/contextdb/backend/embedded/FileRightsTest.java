package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.VectorMutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRightsTest {
    @TempDir
    Path place;

    @BeforeEach
    void needRights() {
        assumeTrue(place.getFileSystem().supportedFileAttributeViews().contains("posix"), "no POSIX permissions here");
    }

    private static void fill(Opened opened) {
        opened.apply(
                KeyMutation.PutKey.of("k", Bytes.utf8("secret")),
                new VectorMutation.CreateSpace(VectorSpace.cosine("default", 3)),
                new VectorMutation.PutPoint(
                        "default",
                        VectorPoint.builder(UuidV7.next())
                                .vector(1, 0, 0)
                                .text("secret")
                                .build()));
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static List<Path> all(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.toList();
        }
    }

    private static void assertClosed(Path directory) throws IOException {
        List<Path> all = all(directory);
        assertThat(all).hasSizeGreaterThan(5);
        for (Path path : all) {
            assertThat(rights(path)).as(path.toString()).isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
        }
    }

    @Test
    void aStoreIsItsOwnersAlone() throws IOException {
        Path directory = place.resolve("above/store");
        try (Opened opened = Opened.in(directory)) {
            fill(opened);
            assertThat(directory.resolve("records.db-wal")).exists();
            assertThat(directory.resolve("records.db-shm")).exists();
            assertClosed(directory);
        }
        assertClosed(directory);
        assertThat(rights(directory.getParent())).isNotEqualTo("rwx------");
    }

    @Test
    void aStoreThatEverybodyMayReadIsClosed() throws IOException {
        Path directory = place.resolve("store");
        try (Opened opened = Opened.in(directory)) {
            fill(opened);
        }
        for (Path path : all(directory)) {
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
        }
        try (Opened opened = Opened.in(directory)) {
            fill(opened);
            assertClosed(directory);
        }
    }

    @Test
    void aDirectoryThatWasGivenToAGroupStaysSo() throws IOException {
        Path directory = place.resolve("store");
        Opened.in(directory).close();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
        Opened.in(directory).close();
        assertThat(rights(directory)).isEqualTo("rwxr-x---");
    }

    /** Such as /tmp: to close it would be to take it from everybody. */
    @Test
    void aDirectoryThatEverybodyMayWriteIsLeft() throws IOException {
        Path directory = Files.createDirectory(place.resolve("shared"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Opened opened = Opened.in(directory)) {
            fill(opened);
            assertThat(rights(directory)).isEqualTo("rwxrwxrwx");
            assertThat(rights(directory.resolve("records.db"))).isEqualTo("rw-------");
            assertThat(rights(directory.resolve("index"))).isEqualTo("rwx------");
        }
    }
}
