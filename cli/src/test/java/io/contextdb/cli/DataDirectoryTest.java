package io.contextdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
    @Test
    void followsTheCustomOfTheOperatingSystem() {
        assertThat(DataDirectory.url(Map.of(), "Linux", "/home/ada"))
                .isEqualTo("contextdb:embedded:/home/ada/.local/share/contextdb");
        assertThat(DataDirectory.url(Map.of("XDG_DATA_HOME", "/data"), "Linux", "/home/ada"))
                .isEqualTo("contextdb:embedded:/data/contextdb");
        assertThat(DataDirectory.url(Map.of("XDG_DATA_HOME", "relative"), "Linux", "/home/ada"))
                .isEqualTo("contextdb:embedded:/home/ada/.local/share/contextdb");
        assertThat(DataDirectory.url(Map.of(), "Mac OS X", "/Users/ada"))
                .isEqualTo("contextdb:embedded:/Users/ada/Library/Application Support/contextdb");
        assertThat(DataDirectory.url(Map.of("LOCALAPPDATA", "C:\\Local"), "Windows 11", "C:\\Users\\ada"))
                .isEqualTo("contextdb:embedded:C:\\Local\\contextdb");
    }
}
