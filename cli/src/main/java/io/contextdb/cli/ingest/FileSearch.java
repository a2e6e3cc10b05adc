package io.contextdb.cli.ingest;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files below some folders, in the order of their paths, each once. Hidden files and folders below them and symbolic links
 * are left out, unless they are named themselves. Pipes, devices and sockets are problems unless they are, and so is a file whose
 * name the locale cannot carry, since two of them could not be told apart.
 */
final class FileSearch {
    private final SortedMap<Path, Long> sizes = new TreeMap<>();
    private final Set<Path> streams = new HashSet<>();
    private final List<FileProblem> problems = new ArrayList<>();

    FileSearch(Collection<Path> roots) throws IOException {
        for (Path root : roots) {
            if (!Files.exists(root)) {
                throw new NoSuchFileException(root.toString(), null, "is no file or folder");
            }
            BasicFileAttributes attributes = Files.readAttributes(root, BasicFileAttributes.class);
            if (attributes.isOther()) {
                // What is behind /dev/stdin has no path of its own.
                Path stream = root.toAbsolutePath().normalize();
                sizes.put(stream, 0L);
                streams.add(stream);
                continue;
            }
            Path real = root.toRealPath();
            if (attributes.isDirectory()) {
                Files.walkFileTree(real, new Visitor(real));
            } else {
                found(real, attributes.size());
            }
        }
    }

    private void found(Path file, long size) {
        if (FileNames.carries(file)) {
            sizes.put(file, size);
        } else {
            problems.add(new FileProblem(file, FileNames.PROBLEM));
        }
    }

    /** Returns whether a file is a pipe or a device, which was named itself and can be read once only. */
    boolean isStream(Path file) {
        return streams.contains(file);
    }

    /** Returns the files and how many bytes they take. */
    SortedMap<Path, Long> sizes() {
        return Collections.unmodifiableSortedMap(sizes);
    }

    List<FileProblem> problems() {
        return List.copyOf(problems);
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;

        Visitor(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return !folder.equals(root) && hidden(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !hidden(file)) {
                found(file, attributes.size());
            } else if (attributes.isOther() && !hidden(file)) {
                problems.add(new FileProblem(
                        file, "is no file but a pipe, a device or a socket; name it itself to read it"));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            problems.add(new FileProblem(
                    file, "cannot be read: " + failure.getClass().getSimpleName()));
            return FileVisitResult.CONTINUE;
        }

        private static boolean hidden(Path path) {
            return path.getFileName().toString().startsWith(".");
        }
    }
}
