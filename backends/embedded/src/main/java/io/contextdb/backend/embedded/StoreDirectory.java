package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The directory that a URL names: how it is written, and whether a store is there, or may be made there. */
final class StoreDirectory {
    static final String INDEX = "index";

    /** What file systems and people leave in directories that they call empty. */
    private static final Set<String> NOTHING = Set.of("lost+found", ".DS_Store", ".gitignore", ".gitkeep", ".keep");

    /** What a shell or a Windows prompt would have replaced by a variable's value. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{|(^|[/\\\\])\\$\\w|%\\w+%");

    private static final Pattern FILE_URL = Pattern.compile("file:/*", Pattern.CASE_INSENSITIVE);

    private StoreDirectory() {}

    /** Returns the directory that a URL's location means: {@code ~/} is the home of the user. */
    static Path of(String location) {
        var url = FILE_URL.matcher(location);
        if (url.lookingAt()) {
            throw misspelt(location, "is a path, not a URL: contextdb:embedded:/" + location.substring(url.end()));
        }
        if (VARIABLE.matcher(location).find()) {
            throw misspelt(location, "holds a variable, which only a shell replaces; write the path itself");
        }
        if (location.equals("~") || location.startsWith("~/") || location.startsWith("~\\")) {
            return Path.of(System.getProperty("user.home"), location.substring(1));
        }
        if (location.startsWith("~")) {
            throw misspelt(
                    location, "can begin with ~/ for the own home only; write the path itself, or ./~ for such a name");
        }
        return Path.of(location);
    }

    private static InvalidRequestException misspelt(String location, String problem) {
        return new InvalidRequestException("url", problem + "; is '" + location + "'");
    }

    /**
     * Refuses a directory without a store in it if none is to be made, or if something else is there.
     *
     * @throws InvalidRequestException that names the directory
     */
    static void check(Path directory, boolean create) {
        if (Files.exists(directory.resolve(Records.FILE))) {
            return;
        }
        if (!create) {
            throw new InvalidRequestException(
                    ErrorCode.NOT_FOUND,
                    "url",
                    "names no store: there is none in " + directory.toAbsolutePath()
                            + ", and it was opened not to make one (create=false)");
        }
        Optional<String> other = other(directory);
        if (other.isPresent() && isOurs(other.get())) {
            throw new CorruptDataException(
                    directory.toAbsolutePath() + " holds " + other.get() + " of a store, but its " + Records.FILE
                            + " is gone; put that back, or remove the rest to begin anew",
                    null);
        }
        if (other.isPresent()) {
            throw new InvalidRequestException(
                    "url",
                    "must name a store, or an empty or absent directory for a new one: " + directory.toAbsolutePath()
                            + " holds " + other.get());
        }
    }

    /** Returns something that is in the directory, but for what may be there before a store is. */
    private static Optional<String> other(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> !NOTHING.contains(name) && !name.equals(DirectoryLock.FILE))
                    .sorted()
                    .findFirst();
        } catch (IOException unreadable) {
            throw new ContextUnavailableException(
                    "directory " + directory + " cannot be read: " + unreadable, Outcome.NOT_APPLIED, unreadable);
        }
    }

    /** Returns whether a store makes a file or directory of that name. */
    static boolean isOurs(String name) {
        return name.equals(INDEX) || name.equals(DirectoryLock.FILE) || name.startsWith(Records.FILE);
    }
}
