package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.store.Directory;

/**
 * The index's files, opened for writing. Every commit carries which store it belongs to and which of its commits it covers;
 * an index that is missing, damaged, of another store, or ahead of its store is thrown away and starts from nothing.
 */
final class LuceneFiles implements AutoCloseable {
    private static final String STORE = "store";
    private static final String COVERS = "commit";
    private static final String FORMAT = "format";
    /** What documents look like; another number means another index. */
    private static final String THIS_FORMAT = "1";

    private static final double BUFFER_MEGABYTES = 64;
    /** Each segment costs a search a walk over its graph: fewer than Lucene's default pay for the merges. */
    private static final double SEGMENTS_PER_TIER = 4;

    private static final double SMALL_MEGABYTES = 16;

    private final Directory directory;
    private final IndexWriter writer;
    private final UUID store;
    private final long covered;

    private LuceneFiles(Directory directory, IndexWriter writer, UUID store, long covered) {
        this.directory = directory;
        this.writer = writer;
        this.store = store;
        this.covered = covered;
    }

    static LuceneFiles open(Path path, UUID store, long since, long lastCommit) throws IOException {
        try {
            LuceneFiles files = open(path, store, IndexWriterConfig.OpenMode.CREATE_OR_APPEND);
            if (files.covered == 0 || (files.covered >= since && files.covered <= lastCommit)) {
                return files;
            }
            files.discard();
        } catch (IOException | RuntimeException damaged) {
            // Said to be so by whatever cannot be read; the records have all that it had.
        }
        return fresh(path, store);
    }

    static LuceneFiles fresh(Path path, UUID store) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        return open(path, store, IndexWriterConfig.OpenMode.CREATE);
    }

    private static LuceneFiles open(Path path, UUID store, IndexWriterConfig.OpenMode mode) throws IOException {
        FileRights.createDirectory(path);
        Directory directory = new IndexDirectory(path);
        IndexWriter writer = null;
        try {
            boolean exists = mode != IndexWriterConfig.OpenMode.CREATE && DirectoryReader.indexExists(directory);
            writer = new IndexWriter(directory, config().setOpenMode(mode));
            LuceneFiles files = new LuceneFiles(directory, writer, store, exists ? covered(writer, store) : 0);
            writer = null;
            return files;
        } catch (IOException | RuntimeException failed) {
            directory.close();
            throw failed;
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

    /** Returns which commit the index covers; −1 if it is not of this store. */
    private static long covered(IndexWriter writer, UUID store) {
        Map<String, String> data = new HashMap<>();
        Iterable<Map.Entry<String, String>> live = writer.getLiveCommitData();
        if (live != null) {
            live.forEach(entry -> data.put(entry.getKey(), entry.getValue()));
        }
        return store.toString().equals(data.get(STORE)) && THIS_FORMAT.equals(data.get(FORMAT))
                ? Long.parseLong(data.getOrDefault(COVERS, "-1"))
                : -1;
    }

    IndexWriter writer() {
        return writer;
    }

    /** Returns which commit of the store the index covered when it was opened. */
    long covered() {
        return covered;
    }

    /** Makes what was added durable, as covering a commit of the store. */
    void commit(long commit) throws IOException {
        writer.setLiveCommitData(List.of(
                Map.entry(STORE, store.toString()),
                Map.entry(FORMAT, THIS_FORMAT),
                Map.entry(COVERS, Long.toString(commit))));
        writer.commit();
    }

    /** Closes without a commit. */
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
