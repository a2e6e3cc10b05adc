package io.contextdb.backend.memory;

import java.util.HashMap;
import java.util.Map;

/** The named stores of this JVM; one is kept until its last opener closes it. Thread-safe. */
final class NamedStores {
    private record Shared(MemoryStore store, int openers) {}

    private static final Map<String, Shared> OPEN = new HashMap<>();

    private NamedStores() {}

    static synchronized MemoryStore open(String name) {
        Shared shared = OPEN.get(name);
        Shared more =
                shared == null ? new Shared(new MemoryStore(), 1) : new Shared(shared.store(), shared.openers() + 1);
        OPEN.put(name, more);
        return more.store();
    }

    static synchronized void release(String name) {
        OPEN.computeIfPresent(
                name, (key, shared) -> shared.openers() == 1 ? null : new Shared(shared.store(), shared.openers() - 1));
    }
}
