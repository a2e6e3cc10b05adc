package io.contextdb.backend.memory;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import java.time.InstantSource;
import java.util.List;

/** Opens stores in memory: {@code contextdb:memory:} a private one, {@code contextdb:memory:name} a shared one. */
public final class MemoryBackendProvider implements BackendProvider {
    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    public String description() {
        return "In the memory of the process, gone at the last close: contextdb:memory:[name], shared under a name.";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return List.of();
    }

    @Override
    public Backend open(BackendConfig config) {
        String name = config.location();
        return name.isEmpty()
                ? new MemoryBackend(new MemoryStore(InstantSource.system()), () -> {})
                : new MemoryBackend(NamedStores.open(name), () -> NamedStores.release(name));
    }
}
