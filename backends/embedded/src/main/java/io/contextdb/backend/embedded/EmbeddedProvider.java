package io.contextdb.backend.embedded;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Opens {@code contextdb:embedded:<directory>}: all five models in one directory, without a server. */
public final class EmbeddedProvider implements BackendProvider {
    @Override
    public String scheme() {
        return "embedded";
    }

    @Override
    public String description() {
        return "Everything in one directory, no server: contextdb:embedded:<directory>, created if it is absent.";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return Settings.OPTIONS;
    }

    @Override
    public Backend open(BackendConfig config) {
        if (config.location().isBlank()) {
            throw new InvalidRequestException("url", "must name a directory: contextdb:embedded:<directory>");
        }
        try {
            Path directory = StoreDirectory.of(config.location());
            return new EmbeddedBackend(
                    OpenStores.process().open(directory, Settings.of(config), Settings.mayCreate(config)));
        } catch (InvalidPathException malformed) {
            throw new InvalidRequestException("url", "must name a directory, is '" + config.location() + "'");
        }
    }
}
