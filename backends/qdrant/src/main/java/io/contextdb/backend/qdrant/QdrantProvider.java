package io.contextdb.backend.qdrant;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.value.Deadline;
import java.util.List;

/** Opens {@code contextdb:qdrant://host:port}: vector spaces in a Qdrant. */
public final class QdrantProvider implements BackendProvider {
    @Override
    public String scheme() {
        return "qdrant";
    }

    @Override
    public String description() {
        return "Vector spaces in Qdrant 1.17 or newer, by gRPC: contextdb:qdrant://host:6334.";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return Settings.OPTIONS;
    }

    @Override
    public Backend open(BackendConfig config) {
        Settings settings = Settings.of(config);
        Link link = new Link(Channels.open(settings, config));
        try {
            Server server = Server.ask(link, Deadline.after(settings.connectTimeout()));
            server.check();
            return new QdrantBackend(link, settings, server);
        } catch (RuntimeException unusable) {
            link.close();
            throw unusable;
        }
    }
}
