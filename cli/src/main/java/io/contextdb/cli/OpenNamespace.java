package io.contextdb.cli;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
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
    static OpenNamespace open(String url, String name, Optional<Embedder> embedder) {
        ContextDataSource.Builder builder = ContextDataSource.builder(url);
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

    @Override
    public void close() {
        connection.close();
        source.close();
        embedder.ifPresent(Embedder::close);
    }
}
