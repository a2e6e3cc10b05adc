package io.contextdb.cli.ingest;

import io.contextdb.spi.value.PropertyMap;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is kept about an ingested file: enough to leave it alone while it is unchanged, to go on where an ingest was killed, and
 * to find every node that came from it.
 *
 * @param source the file, as the source of its nodes
 * @param key what its ids follow from
 * @param hash of the content that was read last
 * @param bytes length of that content
 * @param done whether that content is in the namespace as a whole
 * @param pieces how many pieces each revision has, the oldest first; without the last one while it is not done
 */
record DocumentRecord(String source, UUID key, String hash, long bytes, boolean done, List<Integer> pieces) {
    /** The collection that keeps them, by source. */
    static final String COLLECTION = "contextdb.ingest";

    DocumentRecord {
        pieces = List.copyOf(pieces);
    }

    /** Returns the record of a file that is begun for the first time. */
    static DocumentRecord first(String source, String hash, long bytes) {
        return new DocumentRecord(source, UUID.randomUUID(), hash, bytes, false, List.of());
    }

    /** Returns the record at the beginning of the next revision. */
    DocumentRecord next(String newHash, long newBytes) {
        return new DocumentRecord(source, key, newHash, newBytes, false, pieces);
    }

    /** Returns the record at the end of the revision. */
    DocumentRecord finished(int count) {
        return new DocumentRecord(source, key, hash, bytes, true, with(count));
    }

    /** Returns the record of a revision that was never finished and is now given up. */
    DocumentRecord abandoned(int count) {
        return new DocumentRecord(source, key, "", 0, false, with(count));
    }

    /** Returns the number of the last revision. */
    int revision() {
        return done ? pieces.size() - 1 : pieces.size();
    }

    DocumentIds ids() {
        return new DocumentIds(key);
    }

    PropertyMap toProperties() {
        return PropertyMap.of("source", source, "key", key.toString(), "hash", hash)
                .with("bytes", bytes)
                .with("done", done)
                .with("pieces", pieces);
    }

    static DocumentRecord of(PropertyMap stored) {
        List<Integer> pieces = new ArrayList<>();
        if (stored.get("pieces") instanceof List<?> list) {
            list.forEach(count -> pieces.add(whole(count)));
        }
        return new DocumentRecord(
                stored.string("source").orElse(""),
                UUID.fromString(stored.string("key").orElse("")),
                stored.string("hash").orElse(""),
                stored.integer("bytes").orElse(0L),
                Boolean.TRUE.equals(stored.get("done")),
                pieces);
    }

    private static int whole(@Nullable Object count) {
        return count instanceof Long number ? Math.toIntExact(number) : 0;
    }

    private List<Integer> with(int count) {
        List<Integer> more = new ArrayList<>(pieces);
        more.add(count);
        return more;
    }
}
