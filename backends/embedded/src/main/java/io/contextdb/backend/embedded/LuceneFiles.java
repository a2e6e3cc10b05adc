package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/**
 * The index's files, opened for writing. Every commit carries which store it belongs to, which of its commits it covers, and in
 * which life of the store that was; an index that is missing, damaged, of another store or history, or ahead of its store is
 * thrown away and starts from nothing.
 */
final class LuceneFiles implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LuceneFiles.class.getName());

    private static final String STORE = "store";
    private static final String COVERS = "commit";
    private static final String LIFE = "life";
    private static final String FORMAT = "format";
    /** What documents look like; another number means another index. */
    private static final String THIS_FORMAT = "1";

    private static final double BUFFER_MEGABYTES = 64;
    /** Each segment costs a search a walk over its graph: fewer than Lucene's default pay for the merges. */
    private static final double SEGMENTS_PER_TIER = 4;

    private static final double SMALL_MEGABYTES = 16;

    /** So much is compared with its checksums before the index is used: about a tenth of a second. */
    static final long CHECKED_AT_OPEN = 64L << 20;

    /** Says which indexes belong to the records. */
    interface Owner {
        /** Returns whether an index that covers a commit, in a life, can be caught up from the records. */
        boolean accepts(long covered, long life);
    }

    private final Directory directory;
    private final IndexWriter writer;
    private final DirectoryReader reader;
    private final UUID store;
    private final long covered;
    private final boolean checked;

    private LuceneFiles(
            Directory directory,
            IndexWriter writer,
            DirectoryReader reader,
            UUID store,
            long covered,
            boolean checked) {
        this.directory = directory;
        this.writer = writer;
        this.reader = reader;
        this.store = store;
        this.covered = covered;
        this.checked = checked;
    }

    /**
     * Opens the index, or a new one where it cannot be caught up.
     *
     * @param checked most bytes to compare with their checksums before
     * @throws IOException if nothing is wrong with the files, but they cannot be used: rights, room, files or memory
     */
    static LuceneFiles open(Path path, UUID store, Owner owner, long checked) throws IOException {
        try {
            LuceneFiles files = existing(path, store, owner, checked);
            if (files != null) {
                return files;
            }
        } catch (IOException | RuntimeException | Error failed) {
            if (IndexFailure.of(failed) == IndexFailure.PASSING) {
                throw failed;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The index in " + path
                            + " is damaged and is made anew from the records, which have all that it had: " + failed,
                    failed);
        }
        return fresh(path, store);
    }

    private static @Nullable LuceneFiles existing(Path path, UUID store, Owner owner, long most) throws IOException {
        if (!Files.isDirectory(path)) {
            return null;
        }
        Directory directory = new IndexDirectory(path);
        try {
            Set<String> files = IndexChecksums.committed(directory);
            if (files.isEmpty()) {
                Set<String> lost = others(directory);
                if (!lost.isEmpty()) {
                    throw new CorruptIndexException("its commit is missing, there are " + lost, path.toString());
                }
                directory.close();
                return null;
            }
            boolean checked =
                    IndexChecksums.files(directory, files, most, () -> false).isEmpty();
            return accepted(path, owner, opened(directory, store, IndexWriterConfig.OpenMode.APPEND, checked));
        } catch (IOException | RuntimeException | Error failed) {
            directory.close();
            throw failed;
        }
    }

    private static Set<String> others(Directory directory) throws IOException {
        Set<String> files = new java.util.TreeSet<>(List.of(directory.listAll()));
        files.remove(IndexWriter.WRITE_LOCK_NAME);
        return files;
    }

    private static @Nullable LuceneFiles accepted(Path path, Owner owner, LuceneFiles files) throws IOException {
        boolean accepted = false;
        try {
            accepted = files.covered == 0 || (files.covered > 0 && owner.accepts(files.covered, files.life()));
        } finally {
            if (!accepted) {
                files.reader.close();
                files.discard();
            }
        }
        if (!accepted) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The index in " + path + " is not of these records, or too old; it is made anew from them.");
        }
        return accepted ? files : null;
    }

    /** Opens a new index in place of what is there. */
    static LuceneFiles fresh(Path path, UUID store) throws IOException {
        empty(path);
        Directory directory = new IndexDirectory(path);
        try {
            return opened(directory, store, IndexWriterConfig.OpenMode.CREATE, true);
        } catch (IOException | RuntimeException | Error failed) {
            directory.close();
            throw failed;
        }
    }

    /** Leaves an empty directory; its parent must be there, for without the records there is nothing to make an index of. */
    private static void empty(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : files.toList()) {
                    delete(file);
                }
            }
        } else {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(path);
            }
            FileRights.createDirectory(path);
        }
    }

    private static void delete(Path path) throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path inner, @Nullable IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                Files.delete(inner);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static LuceneFiles opened(Directory directory, UUID store, IndexWriterConfig.OpenMode mode, boolean checked)
            throws IOException {
        IndexWriter writer = new IndexWriter(directory, config().setOpenMode(mode));
        try {
            long covered = mode == IndexWriterConfig.OpenMode.CREATE ? 0 : covered(writer, store);
            return new LuceneFiles(directory, writer, DirectoryReader.open(writer), store, covered, checked);
        } catch (IOException | RuntimeException | Error failed) {
            rollback(writer, failed);
            throw failed;
        }
    }

    /** Gives the lock on the directory back, whatever else goes wrong. */
    private static void rollback(IndexWriter writer, Throwable failed) {
        try {
            writer.rollback();
        } catch (IOException | RuntimeException | Error worse) {
            failed.addSuppressed(worse);
        }
    }

    static Analyzer analyzer() {
        return new StandardAnalyzer(CharArraySet.EMPTY_SET);
    }

    private static IndexWriterConfig config() {
        return new IndexWriterConfig(analyzer())
                .setCodec(WideVectorsFormat.codec())
                .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                .setMergePolicy(new TieredMergePolicy()
                        .setSegmentsPerTier(SEGMENTS_PER_TIER)
                        .setFloorSegmentMB(SMALL_MEGABYTES))
                .setCommitOnClose(false);
    }

    private static Map<String, String> data(IndexWriter writer) {
        Map<String, String> data = new HashMap<>();
        Iterable<Map.Entry<String, String>> live = writer.getLiveCommitData();
        if (live != null) {
            live.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
        }
        return data;
    }

    /** Returns which commit the index covers; −1 if it is not of this store. */
    private static long covered(IndexWriter writer, UUID store) {
        Map<String, String> data = data(writer);
        return store.toString().equals(data.get(STORE)) && THIS_FORMAT.equals(data.get(FORMAT))
                ? Long.parseLong(data.getOrDefault(COVERS, "-1"))
                : -1;
    }

    /** Returns in which life of the store the index was committed; 0 before there were any. */
    private long life() {
        return Long.parseLong(data(writer).getOrDefault(LIFE, "0"));
    }

    IndexWriter writer() {
        return writer;
    }

    /** Returns what the index shows as it was opened; whoever takes it closes it. */
    DirectoryReader reader() {
        return reader;
    }

    /** Returns which commit of the store the index covered when it was opened. */
    long covered() {
        return covered;
    }

    /** Returns whether every file was compared with its checksum when the index was opened. */
    boolean checked() {
        return checked;
    }

    /** Makes what was added durable, as covering a commit of the store, in a life of it. */
    void commit(long commit, long life) throws IOException {
        writer.setLiveCommitData(List.of(
                Map.entry(STORE, store.toString()),
                Map.entry(FORMAT, THIS_FORMAT),
                Map.entry(LIFE, Long.toString(life)),
                Map.entry(COVERS, Long.toString(commit))));
        writer.commit();
    }

    /**
     * Compares all files of an index that is not open with their checksums.
     *
     * @param path the directory of the index
     * @return what is wrong, file by file; empty if nothing is, or if there is no index
     */
    static List<String> verify(Path path) throws IOException {
        List<String> problems = new ArrayList<>();
        if (!Files.isDirectory(path)) {
            return problems;
        }
        try (Directory directory = new IndexDirectory(path)) {
            Set<String> files = IndexChecksums.committed(directory);
            if (files.isEmpty() && !others(directory).isEmpty()) {
                problems.add("its commit is missing");
            }
            for (String file : files) {
                try {
                    IndexChecksums.file(directory, file, () -> false);
                } catch (IOException damaged) {
                    problems.add(problem(damaged));
                }
            }
        } catch (IOException damaged) {
            problems.add(problem(damaged));
        }
        return problems;
    }

    private static String problem(IOException damaged) throws IOException {
        if (IndexFailure.of(damaged) == IndexFailure.PASSING) {
            throw damaged;
        }
        return String.valueOf(damaged.getMessage());
    }

    /** Closes without a commit; does nothing the second time. */
    void discard() throws IOException {
        try {
            writer.rollback();
        } finally {
            directory.close();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            writer.close();
        } finally {
            directory.close();
        }
    }
}
