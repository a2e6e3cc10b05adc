package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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
    private static final Duration LONGEST_BUILD = Duration.ofDays(2);
    private static final String EXISTING = """
            SELECT c.relname, i.indisvalid, EXISTS (SELECT FROM pg_stat_progress_create_index g WHERE g.index_relid = c.oid)
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND starts_with(c.relname, ?)
            """;
    private static final String SPACES = "SELECT s.id FROM cdb.space s WHERE s.id = ANY (?)";
    private static final String LARGE =
            "SELECT count(*) FROM (SELECT FROM cdb.point WHERE space = ? AND embedding IS NOT NULL LIMIT ?) p";

    private record Existing(String name, boolean valid, boolean building) {
        int space() {
            return Integer.parseInt(name.substring(PREFIX.length()));
        }
    }

    private final Store store;
    private volatile Set<Integer> ready = Set.of();
    /** Spaces that were searched without an index since it was last looked whether they need one. */
    private final Map<Integer, Space> scanned = new ConcurrentHashMap<>();

    VectorIndexes(Store store) {
        this.store = store;
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
        List<Existing> existing = look();
        List<Space> candidates = List.copyOf(scanned.values());
        Set<Integer> named = new HashSet<>();
        existing.forEach(index -> named.add(index.space()));
        candidates.forEach(space -> named.add(space.id()));
        Set<Integer> spaces = spaces(named);
        for (Existing index : existing) {
            if (!index.building() && (!spaces.contains(index.space()) || !index.valid())) {
                run("DROP INDEX CONCURRENTLY IF EXISTS cdb." + index.name());
            }
        }
        for (Space space : candidates) {
            boolean there = existing.stream().anyMatch(index -> index.space() == space.id());
            if (!there && spaces.contains(space.id()) && isLarge(space)) {
                build(space);
            }
            scanned.remove(space.id());
        }
        look();
    }

    private List<Existing> look() {
        return read(snapshot -> {
            List<Existing> existing = snapshot.list(
                    EXISTING,
                    row -> new Existing(row.getString(1), row.getBoolean(2), row.getBoolean(3)),
                    store.names().schema(),
                    PREFIX);
            Set<Integer> valid = new HashSet<>();
            existing.stream().filter(Existing::valid).forEach(index -> valid.add(index.space()));
            ready = Set.copyOf(valid);
            return existing;
        });
    }

    private Set<Integer> spaces(Set<Integer> named) {
        return read(snapshot ->
                Set.copyOf(snapshot.list(SPACES, row -> row.getInt(1), Script.Many.ints(List.copyOf(named)))));
    }

    private boolean isLarge(Space space) {
        long from = store.settings().indexFrom();
        return read(snapshot -> snapshot.number(LARGE, space.id(), from) >= from);
    }

    private void build(Space space) {
        run("CREATE INDEX CONCURRENTLY IF NOT EXISTS " + PREFIX + space.id() + " ON cdb.point USING hnsw ("
                + expression(space, "embedding") + " " + operatorClass(space) + ") WITH (m = 16, ef_construction = 100)"
                + " WHERE space = " + space.id());
    }

    private <T> T read(Store.Read<T> read) {
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        return store.background()
                .read(deadline, connection -> read.from(new Snapshot(connection, store.names(), 0, deadline)));
    }

    private void run(String sql) {
        store.background().read(Deadline.after(LONGEST_BUILD), connection -> {
            boolean session = !Pooler.isBetween(connection);
            if (session) {
                memory(connection, store.settings().indexMemory() + "MB");
            }
            try (var statement = connection.createStatement()) {
                statement.execute(store.names().in(sql));
            } finally {
                if (session && !connection.isClosed()) {
                    memory(connection, "");
                }
            }
            return true;
        });
    }

    private void memory(Connection connection, String value) throws SQLException {
        new Script()
                .rows(
                        row -> {},
                        value.isEmpty()
                                ? "SELECT set_config('maintenance_work_mem', reset_val, FALSE) FROM pg_settings"
                                        + " WHERE name = 'maintenance_work_mem'"
                                : "SELECT set_config('maintenance_work_mem', '" + value + "', FALSE)")
                .send(connection, store.names());
    }
}
