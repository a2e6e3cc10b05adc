package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.InvalidRequestException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The spaces that were looked up before, so that a read of points is one round trip: what it was prepared for is read again
 * with it, and if that has changed meanwhile, it is repeated. Thread-safe.
 */
final class Spaces {
    private static final int KNOWN = 10_000;

    private record Key(int namespace, String name) {}

    /** Adds what is to be read, for spaces as they are known, and says how to collect it once it was read. */
    interface Prepared<T> {
        Collected<T> in(Map<String, Space> spaces, Script script);
    }

    /** Collects what was read. */
    interface Collected<T> {
        T get() throws SQLException;
    }

    private final Map<Key, Space> known = new ConcurrentHashMap<>();

    <T> T read(Snapshot snapshot, List<String> names, Prepared<T> prepared) throws SQLException {
        List<String> distinct = List.copyOf(new LinkedHashSet<>(names));
        Map<String, Space> spaces = new HashMap<>();
        distinct.forEach(name -> {
            Space space = known.get(new Key(snapshot.namespace(), name));
            if (space != null) {
                spaces.put(name, space);
            }
        });
        boolean certain = spaces.size() < distinct.size();
        if (certain) {
            spaces.putAll(load(snapshot, distinct));
        }
        while (true) {
            Map<String, Space> fresh = new HashMap<>();
            Script script = new Script()
                    .rows(
                            row -> fresh.put(row.getString(2), Space.read(row)),
                            Space.BY_NAME,
                            snapshot.namespace(),
                            Many.texts(distinct));
            Optional<Collected<T>> collected = prepared(prepared, spaces, script, certain);
            script.send(snapshot.connection(), snapshot.names());
            if (collected.isPresent() && same(spaces, fresh)) {
                return collected.get().get();
            }
            spaces.clear();
            spaces.putAll(remember(snapshot, distinct, fresh));
            certain = true;
        }
    }

    /** What is refused for a space as it was known may fit the one that has taken its place. */
    private static <T> Optional<Collected<T>> prepared(
            Prepared<T> prepared, Map<String, Space> spaces, Script script, boolean certain) {
        try {
            return Optional.of(prepared.in(spaces, script));
        } catch (InvalidRequestException refused) {
            if (certain) {
                throw refused;
            }
            return Optional.empty();
        }
    }

    private static boolean same(Map<String, Space> used, Map<String, Space> fresh) {
        Set<Integer> ids = new LinkedHashSet<>();
        fresh.values().forEach(space -> ids.add(space.id()));
        return used.size() == fresh.size() && used.values().stream().allMatch(space -> ids.contains(space.id()));
    }

    private Map<String, Space> load(Snapshot snapshot, List<String> names) throws SQLException {
        Map<String, Space> fresh = new HashMap<>();
        for (Space space :
                new ArrayList<>(snapshot.list(Space.BY_NAME, Space::read, snapshot.namespace(), Many.texts(names)))) {
            fresh.put(space.definition().name(), space);
        }
        return remember(snapshot, names, fresh);
    }

    private Map<String, Space> remember(Snapshot snapshot, List<String> names, Map<String, Space> fresh) {
        if (known.size() >= KNOWN) {
            known.clear();
        }
        for (String name : names) {
            Key key = new Key(snapshot.namespace(), name);
            Space space = fresh.get(name);
            if (space == null) {
                known.remove(key);
                throw Space.missing(name);
            }
            known.put(key, space);
        }
        return fresh;
    }
}
