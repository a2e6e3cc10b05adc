package io.contextdb.backend.embedded;

import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.ChecksumIndexInput;
import org.apache.lucene.store.Directory;

/** Compares files of the index with the checksums that Lucene wrote at their ends: each covers every byte of its file. */
final class IndexChecksums {
    private static final int PIECE = 1 << 20;

    private IndexChecksums() {}

    /** Returns the files of the last commit, its own first, then the smaller before the larger. */
    static Set<String> committed(Directory directory) throws IOException {
        String commit = SegmentInfos.getLastCommitSegmentsFileName(directory);
        if (commit == null) {
            return Set.of();
        }
        // Read before it is understood: from damaged lengths might follow anything.
        file(directory, commit, () -> false);
        Set<String> files = new LinkedHashSet<>(List.of(commit));
        record Sized(String name, long bytes) {}
        List<Sized> sized = new java.util.ArrayList<>();
        for (String name : SegmentInfos.readLatestCommit(directory).files(false)) {
            sized.add(new Sized(name, directory.fileLength(name)));
        }
        sized.sort(Comparator.comparingLong(Sized::bytes).thenComparing(Sized::name));
        sized.forEach(each -> files.add(each.name()));
        return files;
    }

    /**
     * Checks files until a budget of bytes is spent.
     *
     * @return those that there was no budget for
     * @throws CorruptIndexException for a file that is not what was written
     */
    static Set<String> files(Directory directory, Collection<String> files, long budget, BooleanSupplier stop)
            throws IOException {
        Set<String> left = new LinkedHashSet<>(files);
        long bytes = 0;
        for (String name : files) {
            bytes += directory.fileLength(name);
            if (bytes > budget || stop.getAsBoolean()) {
                break;
            }
            file(directory, name, stop);
            left.remove(name);
        }
        return left;
    }

    /** Checks one file; returns without a verdict once it is told to stop. */
    static void file(Directory directory, String name, BooleanSupplier stop) throws IOException {
        try (ChecksumIndexInput in = directory.openChecksumInput(name)) {
            long left = in.length() - CodecUtil.footerLength();
            if (left < 0) {
                throw new CorruptIndexException("has " + in.length() + " bytes, too few for a checksum", name);
            }
            byte[] piece = new byte[(int) Math.min(PIECE, Math.max(1, left))];
            while (left > 0) {
                if (stop.getAsBoolean()) {
                    return;
                }
                int length = (int) Math.min(piece.length, left);
                in.readBytes(piece, 0, length);
                left -= length;
            }
            CodecUtil.checkFooter(in);
        }
    }
}
