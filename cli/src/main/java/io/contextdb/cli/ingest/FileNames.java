package io.contextdb.cli.ingest;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files as text. Where the locale has no character for a byte of a name, Java writes another one. */
final class FileNames {
    /** What is wrong with a name that text cannot carry. */
    static final String PROBLEM = "has a name that the locale (" + System.getProperty("sun.jnu.encoding")
            + ") cannot carry; set LC_ALL to a locale of the names, such as C.UTF-8, or rename it";

    private FileNames() {}

    /** Returns whether the text of a path leads back to it. */
    static boolean carries(Path path) {
        try {
            return path.getFileSystem().getPath(path.toString()).equals(path);
        } catch (InvalidPathException unmappable) {
            return false;
        }
    }
}
