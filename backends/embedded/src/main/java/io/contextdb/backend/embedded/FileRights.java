package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who may read a store: its owner alone, where a system has POSIX permissions. A directory that was given to a group, and to
 * nobody else, stays so; one that everybody may enter was made without a thought, and is closed.
 */
final class FileRights {
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> EVERYBODY = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
    private static final System.Logger LOG = System.getLogger(FileRights.class.getName());

    private FileRights() {}

    /** Returns whether the system has such rights. */
    static boolean areKept(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Returns what a file is created with. */
    static FileAttribute<?>[] ofFile(Path file) {
        return areKept(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(FILE)}
                : new FileAttribute<?>[0];
    }

    /** Creates a directory if it is absent; those above it, if they are absent too, as the system makes directories. */
    static void createDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path above = directory.toAbsolutePath().getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        try {
            if (areKept(directory)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
            } else {
                Files.createDirectory(directory);
            }
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(directory)) {
                throw there;
            }
        }
    }

    /** Creates an empty file if it is absent. */
    static void createFile(Path file) throws IOException {
        try {
            Files.createFile(file, ofFile(file));
        } catch (FileAlreadyExistsException there) {
            // It keeps the rights that it has, or that tighten() gave it.
        }
    }

    /** Closes a directory that everybody may enter, and the files in it; not one that everybody may write, such as /tmp. */
    static void tighten(Path directory) {
        try {
            if (!areKept(directory)) {
                return;
            }
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(directory);
            if (rights.stream().noneMatch(EVERYBODY::contains)) {
                return;
            }
            if (!rights.contains(PosixFilePermission.OTHERS_WRITE)) {
                Files.setPosixFilePermissions(directory, DIRECTORY);
            }
            for (Path each : within(directory)) {
                Files.setPosixFilePermissions(each, Files.isDirectory(each) ? DIRECTORY : FILE);
            }
        } catch (IOException | java.io.UncheckedIOException refused) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Others may read the store in " + directory + ", and its rights cannot be changed: " + refused);
        }
    }

    /** Returns what the store has in its directory, and nothing that others have put there. */
    private static List<Path> within(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory, 2)) {
            return all.filter(path -> !path.equals(directory) && !Files.isSymbolicLink(path))
                    .filter(path -> StoreDirectory.isOurs(
                            directory.relativize(path).getName(0).toString()))
                    .toList();
        }
    }
}
