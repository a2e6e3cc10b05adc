package io.contextdb.cli;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.ContextDriverManager;
import io.contextdb.ContextUrl;
import io.contextdb.Namespace;
import io.contextdb.spi.embedding.Embedder;
import java.util.Optional;

/**
 * A namespace that a command works in, and everything that was opened for it.
 *
 * @param source the store
 * @param connection the connection
 * @param namespace the namespace
 * @param embedder the embedder, where the command needs one
 */
public record OpenNamespace(
        ContextDataSource source, ContextConnection connection, Namespace namespace, Optional<Embedder> embedder)
        implements AutoCloseable {
    /** The option of stores that can be opened without making what is absent. */
    private static final String CREATE = "create";

    /**
     * Opens.
     *
     * @param creates whether what is absent of the store is made; where not, a store that can be opened so is only looked at
     */
    static OpenNamespace open(String url, String name, Optional<Embedder> embedder, boolean creates) {
        ContextDataSource.Builder builder = ContextDataSource.builder(url);
        if (!creates && declaresCreate(url)) {
            builder.option(CREATE, "false");
        }
        embedder.ifPresent(builder::embedder);
        ContextDataSource source = builder.build();
        try {
            ContextConnection connection = source.getConnection();
            return new OpenNamespace(source, connection, connection.namespace(name), embedder);
        } catch (RuntimeException refused) {
            source.close();
            throw refused;
        }
    }

    private static boolean declaresCreate(String url) {
        String scheme = ContextUrl.parse(url).scheme();
        return ContextDriverManager.providers().stream()
                .filter(provider -> provider.scheme().equals(scheme))
                .flatMap(provider -> provider.options().stream())
                .anyMatch(option -> option.name().equals(CREATE));
    }

    @Override
    public void close() {
        connection.close();
        source.close();
        embedder.ifPresent(Embedder::close);
    }
}
