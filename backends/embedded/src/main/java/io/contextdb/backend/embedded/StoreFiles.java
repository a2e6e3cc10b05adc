package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
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
    /** What a commit goes to, and what keeps others from opening the same. */
    private static final List<String> COMMITTED = List.of(Records.FILE + "-wal", Records.FILE, DirectoryLock.FILE);

    private static final List<String> BESIDE = List.of(Records.FILE + "-shm");

    /**
     * A commit that waits for the disk takes hundreds of times as long as a look, and is looked at each time. One that does not
     * takes ten times as long: there, what is acknowledged within this of a removal is lost like what was right before it.
     */
    private static final long UNLOOKED_WITHOUT_DISK = TimeUnit.MILLISECONDS.toNanos(1);

    /** A file system's clock may stand still for so long, in milliseconds: a change within it leaves the directory its time. */
    private static final long TICK = 20;

    private record Known(String name, Path path, Object key) {
        /** Returns what is wrong with it, or null. */
        @Nullable
        String problem() {
            try {
                return key.equals(identity(attributes(path))) ? null : name + " is another one now";
            } catch (NoSuchFileException gone) {
                return name + " is gone";
            } catch (IOException unreadable) {
                return name + " cannot be looked at: " + unreadable;
            }
        }
    }

    private final Path directory;
    private final Object identity;
    private final List<Known> committed;
    private final List<Known> beside;
    private final long unlooked;
    private volatile long looked = System.nanoTime();

    /** The time of the directory when its files were last looked at; null if it could still be the same after a change. */
    private volatile @Nullable FileTime unchanged;

    private volatile @Nullable String lost;

    private StoreFiles(Path directory, Settings.Durability durability) throws IOException {
        this.directory = directory;
        this.identity = identity(attributes(directory));
        this.committed = known(directory, COMMITTED);
        this.beside = known(directory, BESIDE);
        this.unlooked = durability == Settings.Durability.FULL ? 0 : UNLOOKED_WITHOUT_DISK;
    }

    /** Remembers which files a directory names, all of which the store has just opened. */
    static StoreFiles of(Path directory, Settings.Durability durability) throws IOException {
        return new StoreFiles(directory, durability);
    }

    private static List<Known> known(Path directory, List<String> names) throws IOException {
        List<Known> known = new ArrayList<>();
        for (String name : names) {
            Path path = directory.resolve(name);
            known.add(new Known(name, path, identity(attributes(path))));
        }
        return List.copyOf(known);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    /** Returns the device and number of a file; where systems have none, they do not let go of open files, and its age will do. */
    private static Object identity(BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        return key == null ? attributes.creationTime() : key;
    }

    /** Looks whether what was committed is in files that the directory names; returns whether it is. */
    boolean holdCommit() {
        long now = System.nanoTime();
        if (unlooked > 0 && now - looked < unlooked) {
            return lost == null;
        }
        looked = now;
        return lost == null && lookIfChanged();
    }

    /** Looks at all files; returns whether they are still there. */
    boolean areThere() {
        return lost == null && lookIfChanged() && look(committed) && look(beside);
    }

    /**
     * Looks at the directory, and at the files only if an entry of it may have changed since. A file whose times were looked at
     * gets a new time with its next write on Linux, which the next wait for the disk must write as well: to look at the log after
     * each commit makes commits a tenth slower.
     */
    private boolean lookIfChanged() {
        try {
            BasicFileAttributes now = attributes(directory);
            if (!identity.equals(identity(now))) {
                lost = "the directory is another one now";
                return false;
            }
            FileTime modified = now.lastModifiedTime();
            if (!modified.equals(unchanged)) {
                long age = System.currentTimeMillis() - modified.toMillis();
                if (!look(committed)) {
                    return false;
                }
                unchanged = age > TICK ? modified : null;
            }
            return true;
        } catch (NoSuchFileException gone) {
            lost = "the directory is gone";
        } catch (IOException unreadable) {
            lost = "the directory cannot be looked at: " + unreadable;
        }
        return false;
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
