package io.contextdb.backend.postgresql;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * HNSW indexes of vector spaces: one for each space that has grown to the set size, built without holding up writers, and
 * dropped after its space. Vectors of more than 2,000 dimensions are indexed at half precision and scored at full; those of
 * more than 4,000 are searched exactly. Thread-safe.
 */
final class VectorIndexes {
    private static final String PREFIX = "point_hnsw_";
    private static final int WIDEST_VECTOR = 2_000;
    private static final int WIDEST_HALF = 4_000;
    private static final String SPACES = "SELECT s.id FROM cdb.space s WHERE s.id = ANY (?)";
    private static final String LARGE =
            "SELECT count(*) FROM (SELECT FROM cdb.point WHERE space = ? AND embedding IS NOT NULL LIMIT ?) p";

    private final Store store;
    private final StoredIndexes indexes;
    private volatile Set<Integer> ready = Set.of();
    /** Spaces that were searched without an index since it was last looked whether they need one. */
    private final Map<Integer, Space> scanned = new ConcurrentHashMap<>();

    VectorIndexes(Store store) {
        this.store = store;
        this.indexes = new StoredIndexes(store);
    }

    /** Returns whether a space has an index; if not, it is noted as one that may need it. */
    boolean serves(Space space) {
        boolean serves = ready.contains(space.id());
        if (!serves && indexable(space)) {
            scanned.putIfAbsent(space.id(), space);
        }
        return serves;
    }

    private static boolean indexable(Space space) {
        int dimensions = space.definition().dimensions();
        return dimensions > 0 && dimensions <= WIDEST_HALF;
    }

    /** Returns the expression that the index of a space is over. */
    static String expression(Space space, String of) {
        int dimensions = space.definition().dimensions();
        return "(" + of + "::vec." + (dimensions <= WIDEST_VECTOR ? "vector(" : "halfvec(") + dimensions + "))";
    }

    private static String operatorClass(Space space) {
        String type = space.definition().dimensions() <= WIDEST_VECTOR ? "vector" : "halfvec";
        return "vec." + type
                + switch (space.definition().metric()) {
                    case COSINE -> "_cosine_ops";
                    case DOT -> "_ip_ops";
                    case EUCLIDEAN -> "_l2_ops";
                };
    }

    /** Returns whether a space was searched that has no index. */
    boolean isAsked() {
        return !scanned.isEmpty();
    }

    /** Learns which indexes are there, drops those that serve nothing, and builds what is needed. */
    void keepUp() {
        List<StoredIndexes.Existing> existing = look();
        List<Space> candidates = List.copyOf(scanned.values());
        Set<Integer> named = new HashSet<>();
        existing.forEach(index -> named.add(space(index)));
        candidates.forEach(space -> named.add(space.id()));
        Set<Integer> spaces = spaces(named);
        for (StoredIndexes.Existing index : existing) {
            if (!index.building() && (!spaces.contains(space(index)) || !index.valid())) {
                indexes.drop(index);
            }
        }
        for (Space space : candidates) {
            boolean there = existing.stream().anyMatch(index -> space(index) == space.id());
            if (!there && spaces.contains(space.id()) && isLarge(space)) {
                build(space);
            }
            scanned.remove(space.id());
        }
        look();
    }

    private List<StoredIndexes.Existing> look() {
        List<StoredIndexes.Existing> existing = indexes.look(PREFIX);
        Set<Integer> valid = new HashSet<>();
        existing.stream().filter(StoredIndexes.Existing::valid).forEach(index -> valid.add(space(index)));
        ready = Set.copyOf(valid);
        return existing;
    }

    private static int space(StoredIndexes.Existing index) {
        return Integer.parseInt(index.name().substring(PREFIX.length()));
    }

    private Set<Integer> spaces(Set<Integer> named) {
        return indexes.read(snapshot ->
                Set.copyOf(snapshot.list(SPACES, row -> row.getInt(1), Script.Many.ints(List.copyOf(named)))));
    }

    private boolean isLarge(Space space) {
        long from = store.settings().indexFrom();
        return indexes.read(snapshot -> snapshot.number(LARGE, space.id(), from) >= from);
    }

    private void build(Space space) {
        indexes.build(
                PREFIX + space.id(),
                "cdb.point USING hnsw ("
                        + expression(space, "embedding") + " " + operatorClass(space)
                        + ") WITH (m = 16, ef_construction = 100)"
                        + " WHERE space = " + space.id());
    }
}
