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
    /** The option of backends that make a store where there is none. */
    private static final String CREATE = "create";

    /** Opens it; {@code create} says whether a store may be made where the URL names none. */
    static OpenNamespace open(String url, String name, Optional<Embedder> embedder, boolean create) {
        ContextDataSource.Builder builder = ContextDataSource.builder(url);
        if (!create && canCreate(url)) {
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

    /** Returns whether the backend makes stores, unless it is told not to. */
    private static boolean canCreate(String url) {
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
