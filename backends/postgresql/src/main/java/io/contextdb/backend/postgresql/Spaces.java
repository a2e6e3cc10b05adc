package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.InvalidRequestException;
import java.sql.SQLException;
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

    /** Returns spaces as they were when they were last looked at; those that are not known yet are looked up. */
    Map<String, Space> known(Snapshot snapshot, Set<String> names) throws SQLException {
        List<String> distinct = List.copyOf(names);
        Map<String, Space> spaces = seen(snapshot, distinct);
        return spaces.size() == names.size() ? spaces : load(snapshot, distinct);
    }

    <T> T read(Snapshot snapshot, List<String> names, Prepared<T> prepared) throws SQLException {
        List<String> distinct = List.copyOf(new LinkedHashSet<>(names));
        Map<String, Space> spaces = seen(snapshot, distinct);
        boolean certain = spaces.size() < distinct.size();
        if (certain) {
            spaces.putAll(present(distinct, load(snapshot, distinct)));
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
            snapshot.send(script);
            if (collected.isPresent() && same(spaces, fresh)) {
                return collected.get().get();
            }
            keep(snapshot, distinct, fresh);
            spaces.clear();
            spaces.putAll(present(distinct, fresh));
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

    private Map<String, Space> seen(Snapshot snapshot, List<String> names) {
        Map<String, Space> spaces = new HashMap<>();
        names.forEach(name -> {
            Space space = known.get(new Key(snapshot.namespace(), name));
            if (space != null) {
                spaces.put(name, space);
            }
        });
        return spaces;
    }

    private Map<String, Space> load(Snapshot snapshot, List<String> names) throws SQLException {
        Map<String, Space> fresh = new HashMap<>();
        for (Space space : snapshot.list(Space.BY_NAME, Space::read, snapshot.namespace(), Many.texts(names))) {
            fresh.put(space.definition().name(), space);
        }
        keep(snapshot, names, fresh);
        return fresh;
    }

    private void keep(Snapshot snapshot, List<String> names, Map<String, Space> fresh) {
        if (known.size() >= KNOWN) {
            known.clear();
        }
        names.forEach(
                name -> known.compute(new Key(snapshot.namespace(), name), (key, before) -> fresh.get(key.name())));
    }

    private static Map<String, Space> present(List<String> names, Map<String, Space> spaces) {
        names.stream().filter(name -> !spaces.containsKey(name)).findFirst().ifPresent(name -> {
            throw Space.missing(name);
        });
        return spaces;
    }
}
