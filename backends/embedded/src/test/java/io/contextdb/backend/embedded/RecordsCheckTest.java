package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.IntegrityReport;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.KeyMutation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsCheckTest {
    @TempDir
    Path directory;

    private void fill() {
        try (Opened opened = Opened.in(directory.resolve("store"))) {
            AllRecords.write(opened, 0);
            AllRecords.write(opened, 1);
            opened.apply(new KeyMutation.Acquire("limited", 3, 10, Duration.ofHours(1)));
        }
    }

    private Path store() {
        return directory.resolve("store");
    }

    /** Changes records behind the back of the store, whose checksums are made anew then. */
    private void change(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store().resolve("records.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
        Files.delete(store().resolve("records.db-sums"));
    }

    private static IntegrityReport verify(Opened opened) {
        return opened.backend().integrity().orElseThrow().verify(Opened.soon());
    }

    @Test
    void aSoundStoreIsSoundWhileItIsWritten() throws Exception {
        fill();
        try (Opened opened = Opened.in(store())) {
            Thread writes = Thread.startVirtualThread(() -> AllRecords.write(opened, 2));
            assertThat(verify(opened).damages()).isEmpty();
            writes.join();
            IntegrityReport report = verify(opened);
            assertThat(report.damages()).isEmpty();
            assertThat(report.checked().get("pages")).isGreaterThan(50);
        }
    }

    @Test
    void aSumThatIsNotThatOfItsRecordsIsComputedAgain() throws Exception {
        fill();
        change("UPDATE limiter SET used = used + 5");
        try (Opened opened = Opened.in(store())) {
            assertThat(verify(opened).damages())
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.toString())
                            .contains("limiter, namespace test, limited")
                            .contains("repairable"));
            assertThat(opened.backend()
                            .integrity()
                            .orElseThrow()
                            .repair(Opened.soon())
                            .found())
                    .isEqualTo(1);
            assertThat(verify(opened).damages()).isEmpty();
        }
    }

    @Test
    void recordsThatDoNotAgreeAreNamed() throws Exception {
        fill();
        change("DELETE FROM node WHERE key = 5");
        try (Opened opened = Opened.in(store())) {
            assertThat(verify(opened).damages())
                    .anySatisfy(damage -> assertThat(damage.toString())
                            .contains("edge, namespace test, 00000000-0000-0008-0000-")
                            .contains("node that is not there"));
            assertThat(verify(opened).isRepairable()).isFalse();
        }
    }

    @Test
    void aPageThatIsDamagedWhileTheStoreIsOpenIsNamed() throws Exception {
        fill();
        try (Opened opened = Opened.in(store())) {
            try (RandomAccessFile file =
                    new RandomAccessFile(store().resolve("records.db").toFile(), "rw")) {
                long place = 40L * Records.PAGE_SIZE + 99;
                file.seek(place);
                int value = file.read();
                file.seek(place);
                file.write(value ^ 1);
            }
            assertThat(verify(opened).damages())
                    .anySatisfy(damage ->
                            assertThat(damage.toString()).contains("page 41 of records.db: checksum differs"));
        }
    }

    @Test
    void anIndexThatIsDamagedWhileTheStoreIsOpenIsMadeAnew() throws Exception {
        fill();
        try (Opened opened = Opened.in(store())) {
            assertThat(verify(opened).damages()).isEmpty();
            Path largest;
            try (Stream<Path> files = Files.list(store().resolve("index"))) {
                largest = files.max(
                                Comparator.comparingLong(file -> file.toFile().length()))
                        .orElseThrow();
            }
            try (RandomAccessFile bytes = new RandomAccessFile(largest.toFile(), "rw")) {
                long middle = bytes.length() / 2;
                bytes.seek(middle);
                int value = bytes.read();
                bytes.seek(middle);
                bytes.write(value ^ 1);
            }
            assertThat(opened.backend()
                            .integrity()
                            .orElseThrow()
                            .repair(Opened.soon())
                            .damages())
                    .singleElement()
                    .satisfies(damage ->
                            assertThat(damage.toString()).contains("index").contains("repairable"));
            long patience = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!verify(opened).isSound() && System.nanoTime() < patience) {
                Thread.sleep(20);
            }
            assertThat(verify(opened).damages()).isEmpty();
        }
    }

    @Test
    void whatWasSetAsideIsNamedUntilItIsRestored() throws IOException {
        fill();
        Path file = store().resolve("records.db");
        try (Opened opened = Opened.in(store())) {
            int page = opened.store().read(Opened.soon(), database -> (int)
                    database.number("SELECT pageno FROM dbstat WHERE name = 'node' AND pagetype = 'leaf' LIMIT 1"));
            opened.close();
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                long place = (long) page * Records.PAGE_SIZE - 9;
                bytes.seek(place);
                int value = bytes.read();
                bytes.seek(place);
                bytes.write(value ^ 1);
            }
        }
        for (int i = 0; i < 2; i++) {
            try (Opened opened = Opened.in(store())) {
                assertThat(verify(opened).damages())
                        .anySatisfy(damage -> assertThat(damage.toString()).contains("(table node)"));
                assertThat(AllRecords.read(opened, 2).values())
                        .anySatisfy(answer -> assertThat(answer).isInstanceOf(AllRecords.Damaged.class));
            }
        }
    }

    @Test
    void aTokenOfALostCommitIsRefusedAndItsNumberNotGivenAgain() throws IOException {
        Path before = directory.resolve("before");
        try (Opened opened = Opened.in(store())) {
            AllRecords.write(opened, 0);
        }
        DamagedFilesTest.copy(store(), before);
        CommitToken lost;
        try (Opened opened = Opened.in(store())) {
            lost = opened.apply(KeyMutation.PutKey.of("k", Bytes.utf8("v"))).token();
        }
        Files.delete(store().resolve("records.db"));
        Files.copy(before.resolve("records.db"), store().resolve("records.db"));
        for (int i = 0; i < 2; i++) {
            try (Opened opened = Opened.in(store())) {
                ReadScope scope = new ReadScope(Opened.SPACE, Opened.soon(), lost);
                assertThatThrownBy(() -> opened.backend().keys().get(scope, List.of("k")))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("was lost");
                assertThat(opened.apply(KeyMutation.PutKey.of("k2", Bytes.EMPTY))
                                .token())
                        .isGreaterThan(lost);
            }
        }
    }

    @Test
    void lostCommitsAreAcceptedWhereTheCallerSaysSo() throws IOException {
        Path killed = directory.resolve("killed");
        Map<String, Object> before;
        try (Opened opened = Opened.in(store())) {
            AllRecords.write(opened, 0);
            before = AllRecords.read(opened, 2);
            long length = Files.size(store().resolve("records.db-wal"));
            AllRecords.write(opened, 1);
            DamagedFilesTest.copy(store(), killed);
            try (RandomAccessFile log =
                    new RandomAccessFile(killed.resolve("records.db-wal").toFile(), "rw")) {
                log.seek(length + 5_000);
                int value = log.read();
                log.seek(length + 5_000);
                log.write(value ^ 1);
            }
        }
        assertThatThrownBy(() -> Opened.in(killed))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("commits stand behind it")
                .hasMessageContaining("lostCommits=accept");
        for (int i = 0; i < 2; i++) {
            try (Opened opened = Opened.in(killed, Map.of("lostCommits", "accept"))) {
                assertThat(AllRecords.read(opened, 2)).isEqualTo(before);
            }
        }
    }
}
