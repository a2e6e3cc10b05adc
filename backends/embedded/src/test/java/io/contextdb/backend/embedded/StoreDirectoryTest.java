package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.KeyMutation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which directory a URL means, and when a store is made there. */
class StoreDirectoryTest {
    private static final Map<String, String> NO_NEW = Map.of("create", "false");

    @TempDir
    Path place;

    @ParameterizedTest
    @CsvSource({"~/notes, /notes", "~, ''"})
    void aTildeIsTheHomeOfTheUser(String location, String below) {
        assertThat(StoreDirectory.of(location)).isEqualTo(Path.of(System.getProperty("user.home") + below));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a~b", "./~", "data$", "a$b", "100%", "files", "file", "a/file:x"})
    void otherNamesAreWhatTheyAre(String location) {
        assertThat(StoreDirectory.of(location)).isEqualTo(Path.of(location));
    }

    @ParameterizedTest
    @CsvSource({
        "file:///x/y, contextdb:embedded:/x/y",
        "FILE:/x, contextdb:embedded:/x",
        "$HOME/x, variable",
        "${HOME}/x, variable",
        "/data/$USER, variable",
        "/data/a${USER}b, variable",
        "%APPDATA%/x, variable",
        "~ada/x, ~/",
    })
    void whatOnlyAShellOrABrowserReadsIsRefusedWithTheRightSpelling(String location, String right) {
        assertThatThrownBy(() -> Opened.at(location, Map.of()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("url")
                .hasMessageContaining(right)
                .hasMessageContaining(location);
    }

    @Test
    void withoutLeaveToMakeOneAnAbsentStoreIsAnErrorAndNothingIsMade() {
        Path absent = place.resolve("absent/store");
        assertThatThrownBy(() -> Opened.in(absent, NO_NEW))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        told -> assertThat(told.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining(absent.toString());
        assertThatThrownBy(() -> Opened.in(place, NO_NEW)).isInstanceOf(InvalidRequestException.class);
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void withoutLeaveToMakeOneAStoreThatIsThereIsOpenedAndShared() {
        Path there = place.resolve("store");
        try (Opened opened = Opened.in(there);
                Opened shared = Opened.in(there, NO_NEW)) {
            opened.apply(KeyMutation.PutKey.of("k", Bytes.EMPTY));
            assertThat(shared.store()).isSameAs(opened.store());
        }
        Opened.in(there, NO_NEW).close();
    }

    @Test
    void aDirectoryOfSomethingElseIsRefused() throws IOException {
        Files.writeString(place.resolve("letter.txt"), "dear");
        assertThatThrownBy(() -> Opened.in(place))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(place.toString())
                .hasMessageContaining("letter.txt");
        assertThat(place).isDirectoryContaining("glob:**letter.txt").isDirectoryNotContaining("glob:**lock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost+found", ".DS_Store", ".gitkeep", "lock"})
    void aDirectoryThatIsAsGoodAsEmptyIsTaken(String name) throws IOException {
        Files.createFile(place.resolve(name));
        Opened.in(place).close();
        assertThat(place.resolve("records.db")).exists();
    }

    @Test
    void aStoreWithoutItsRecordsIsNotBegunAnew() throws IOException {
        Path directory = place.resolve("store");
        Opened.in(directory).close();
        Files.delete(directory.resolve("records.db"));
        assertThatThrownBy(() -> Opened.in(directory))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContaining("records.db is gone");
    }
}
