package io.contextdb.backend.memory;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import java.util.List;

/** Opens stores in memory: {@code contextdb:memory:} a private one, {@code contextdb:memory:name} a shared one. */
public final class MemoryBackendProvider implements BackendProvider {
    private static final OptionDescriptor<Boolean> JOURNAL = OptionDescriptor.flag(
            "journal",
            false,
            "Whether to keep a journal that other stores can follow, as contextdb:scaled: needs of its graph.");

    private static final OptionDescriptor<Boolean> HOME = OptionDescriptor.flag(
            "home",
            false,
            "Whether to serve only once a relay has given the store all that was decided elsewhere, as contextdb:scaled: opens homes.");

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
        return List.of(JOURNAL, HOME);
    }

    @Override
    public Backend open(BackendConfig config) {
        String name = config.location();
        boolean journal = config.get(JOURNAL);
        boolean home = config.get(HOME);
        return name.isEmpty()
                ? new MemoryBackend(new MemoryStore(), journal, home, () -> {})
                : new MemoryBackend(NamedStores.open(name), journal, home, () -> NamedStores.release(name));
    }
}
