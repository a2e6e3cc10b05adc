package io.contextdb.backend.postgresql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Indexes of declared paths of documents (contract D4): one for each path, which all collections share, for equality, ranges
 * and sorted pages. It is built in the background and goes when no collection declares the path any more. Thread-safe.
 */
final class PathIndexes {
    private static final String PREFIX = "document_value_";
    private static final String DECLARED = "SELECT DISTINCT path FROM cdb.document_path";

    private final StoredIndexes indexes;
    private volatile Set<List<String>> ready = Set.of();

    PathIndexes(Store store) {
        this.indexes = new StoredIndexes(store);
    }

    /** Returns the paths whose index answers queries, as far as this process has seen. */
    Set<List<String>> ready() {
        return ready;
    }

    /** Builds the indexes of paths that were declared, drops those of paths that are not, and learns which are there. */
    void keepUp() {
        Map<String, List<String>> declared = indexes.read(snapshot -> {
            Map<String, List<String>> byName = new HashMap<>();
            snapshot.list(DECLARED, row -> List.of(Columns.strings(row, 1)))
                    .forEach(path -> byName.put(name(path), path));
            return byName;
        });
        List<StoredIndexes.Existing> existing = indexes.look(PREFIX);
        for (StoredIndexes.Existing index : existing) {
            if (!index.building() && (!index.valid() || !declared.containsKey(index.name()))) {
                indexes.drop(index);
            }
        }
        declared.forEach((name, path) -> {
            if (existing.stream()
                    .noneMatch(index -> index.name().equals(name) && (index.valid() || index.building()))) {
                indexes.build(name, definition(path));
            }
        });
        ready = indexes.look(PREFIX).stream()
                .filter(index -> index.valid() && declared.containsKey(index.name()))
                .map(index -> declared.get(index.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String definition(List<String> path) {
        String value = PathKey.literal("body", path);
        return "cdb.document (ns, collection, " + PathKey.rank(value) + ", " + PathKey.number(value) + ", "
                + PathKey.prefix(PathKey.string(value)) + ")";
    }

    /** Returns a name that tells paths apart. */
    private static String name(List<String> path) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String step : path) {
                byte[] utf8 = step.getBytes(StandardCharsets.UTF_8);
                digest.update((utf8.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(utf8);
            }
            return PREFIX + HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 16));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
