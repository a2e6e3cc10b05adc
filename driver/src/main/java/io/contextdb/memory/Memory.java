package io.contextdb.memory;

import io.contextdb.Namespace;

/** Placeholder. */
public final class Memory {
    /** Placeholder. */
    public Memory(Namespace namespace, MemoryConfig config) {}
}
