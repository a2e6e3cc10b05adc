package io.contextdb.cli;

import java.util.Locale;
import java.util.Map;

/** Where the command keeps what it remembers, if nothing else is said. */
final class DataDirectory {
    private DataDirectory() {}

    /** Returns the URL of the embedded store in the user's data directory, by the custom of the operating system. */
    static String url(Map<String, String> environment, String operatingSystem, String home) {
        String os = operatingSystem.toLowerCase(Locale.ROOT);
        if (os.startsWith("windows")) {
            return url(environment.getOrDefault("LOCALAPPDATA", home + "\\AppData\\Local") + "\\contextdb");
        }
        if (os.startsWith("mac")) {
            return url(home + "/Library/Application Support/contextdb");
        }
        String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
        // The XDG base directory specification: what is not absolute is to be ignored.
        return url((xdg.startsWith("/") ? xdg : home + "/.local/share") + "/contextdb");
    }

    private static String url(String directory) {
        return "contextdb:embedded:" + directory;
    }
}
