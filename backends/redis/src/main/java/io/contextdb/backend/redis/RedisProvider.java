package io.contextdb.backend.redis;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.value.Deadline;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;

/** Opens {@code contextdb:redis://host:port}: keys, limiters and events in a Redis or Valkey. */
public final class RedisProvider implements BackendProvider {
    @Override
    public String scheme() {
        return "redis";
    }

    @Override
    public String description() {
        return "Keys, limiters and events in Redis 6.2 or newer, or Valkey: contextdb:redis://host:port/database; several hosts"
                + " parted by commas with cluster=true or sentinel=<name of the primary>.";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return Settings.OPTIONS;
    }

    @Override
    public Backend open(BackendConfig config) {
        Settings settings = Settings.of(config);
        Link link = Connectors.open(settings, config.resource(ClientResources.class));
        try {
            Deadline deadline = Deadline.after(settings.connectTimeout().plus(Duration.ofSeconds(5)));
            Server server = Server.ask(link, deadline);
            server.check(settings.cluster());
            Server.checkRights(link, new Names(settings.prefix()), deadline);
            LogRenewal log = LogRenewal.begin(link, server.refusesTorn(), deadline);
            link.renews(log);
            return new RedisBackend(link, settings, server.with(log), log);
        } catch (RuntimeException unusable) {
            link.close();
            throw unusable;
        }
    }
}
