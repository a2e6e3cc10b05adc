package io.contextdb.cli.ingest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file is called as a source: {@code file:} and its absolute path, with {@code /} between its parts. */
public final class SourceName {
    private static final String SCHEME = "file:";

    private SourceName() {}

    /** Returns the name of a file or folder. */
    public static String of(Path path) throws IOException {
        boolean hasRealPath = Files.isRegularFile(path) || Files.isDirectory(path);
        Path absolute = hasRealPath ? path.toRealPath() : path.toAbsolutePath().normalize();
        return SCHEME + absolute.toString().replace(File.separatorChar, '/');
    }

    /** Returns the name that a user means: a source as it is, or the name of the file or folder that is there. */
    public static String meant(String argument) throws IOException {
        boolean isPath = !argument.startsWith(SCHEME) && (argument.contains("/") || Files.exists(Path.of(argument)));
        return isPath ? of(Path.of(argument)) : argument;
    }

    /** Returns the shortest way to show a source: relative to the folder at hand where the file lies in it. */
    public static String shown(String source) {
        String here = Path.of("").toAbsolutePath().toString().replace(File.separatorChar, '/') + "/";
        String path = source.startsWith(SCHEME) ? source.substring(SCHEME.length()) : source;
        return path.startsWith(here) ? path.substring(here.length()) : path;
    }
}
