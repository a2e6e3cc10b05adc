package io.contextdb.backend.postgresql;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entities as the batches of one transaction leave them: what was loaded, what batches before have changed, and what the
 * present batch changes, which can be taken back. A null stands for an entity that is not there. Not thread-safe.
 */
final class Layered<K, V> {
    private final Map<K, @Nullable V> kept = new HashMap<>();
    private final Map<K, @Nullable V> present = new HashMap<>();

    /** Puts what the store holds. */
    void load(K key, V value) {
        kept.put(key, value);
    }

    @Nullable
    V get(K key) {
        return present.containsKey(key) ? present.get(key) : kept.get(key);
    }

    void put(K key, @Nullable V value) {
        present.put(key, value);
    }

    void keep() {
        kept.putAll(present);
        present.clear();
    }

    void undo() {
        present.clear();
    }
}
