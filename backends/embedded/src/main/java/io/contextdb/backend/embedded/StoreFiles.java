package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the files that a store has open are still those that its directory names. A system lets anybody remove, move or replace
 * a directory that is in use, and goes on to take what is written into files that nobody finds again. Once a store has lost its
 * files it stays so: what happened to them meanwhile, nobody knows. Thread-safe.
 */
final class StoreFiles {
    /** Looked at after each commit: what the commit went to, and what keeps others from opening the same. */
    private static final List<String> COMMITTED = List.of(Records.FILE + "-wal", Records.FILE, DirectoryLock.FILE);
    /** Looked at now and then. */
    private static final List<String> BESIDE = List.of("", Records.FILE + "-shm");

    /**
     * A commit that waits for the disk takes hundreds of times as long as a look, and is looked at each time. One that does not
     * takes ten times as long: there, what is acknowledged within this of a removal is lost like what was right before it.
     */
    private static final long UNLOOKED_WITHOUT_DISK = TimeUnit.MILLISECONDS.toNanos(1);

    private record Known(String name, Path path, Object identity) {
        /** Returns what is wrong with it, or null. */
        @Nullable
        String problem() {
            String called = name.isEmpty() ? "the directory" : name;
            try {
                return identity.equals(identityOf(path)) ? null : called + " is another one now";
            } catch (NoSuchFileException gone) {
                return called + " is gone";
            } catch (IOException unreadable) {
                return called + " cannot be looked at: " + unreadable;
            }
        }
    }

    private final Path directory;
    private final List<Known> committed;
    private final List<Known> beside;
    private final long unlooked;
    private volatile long looked = System.nanoTime();
    private volatile @Nullable String lost;

    private StoreFiles(Path directory, List<Known> committed, List<Known> beside, long unlooked) {
        this.unlooked = unlooked;
        this.directory = directory;
        this.committed = committed;
        this.beside = beside;
    }

    /** Remembers which files a directory names, all of which the store has just opened. */
    static StoreFiles of(Path directory, Settings.Durability durability) throws IOException {
        return new StoreFiles(
                directory,
                known(directory, COMMITTED),
                known(directory, BESIDE),
                durability == Settings.Durability.FULL ? 0 : UNLOOKED_WITHOUT_DISK);
    }

    private static List<Known> known(Path directory, List<String> names) throws IOException {
        List<Known> known = new ArrayList<>();
        for (String name : names) {
            Path path = directory.resolve(name);
            known.add(new Known(name, path, identityOf(path)));
        }
        return List.copyOf(known);
    }

    /** Returns the device and number of a file; where systems have none, they do not let go of open files, and its age will do. */
    private static Object identityOf(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        Object key = attributes.fileKey();
        return key == null ? attributes.creationTime() : key;
    }

    /** Looks at the files of a commit; returns whether they are still there. */
    boolean holdCommit() {
        long now = System.nanoTime();
        if (unlooked > 0 && now - looked < unlooked) {
            return lost == null;
        }
        looked = now;
        return lost == null && look(committed);
    }

    /** Looks at all files; returns whether they are still there. */
    boolean areThere() {
        return lost == null && look(committed) && look(beside);
    }

    private boolean look(List<Known> files) {
        for (Known file : files) {
            String problem = file.problem();
            if (problem != null) {
                lost = problem;
                return false;
            }
        }
        return true;
    }

    /** Returns whether they were seen to be gone; does not look. */
    boolean areLost() {
        return lost != null;
    }

    /** Refuses a call if the files were seen to be gone; does not look. */
    void check() {
        if (lost != null) {
            throw error(Outcome.NOT_APPLIED);
        }
    }

    ContextUnavailableException error(Outcome outcome) {
        return new ContextUnavailableException(
                "directory " + directory + " was removed, moved or replaced while the store was open: " + lost
                        + "; nothing is read or written any more, close the store and open it where its files are",
                outcome,
                null);
    }
}
