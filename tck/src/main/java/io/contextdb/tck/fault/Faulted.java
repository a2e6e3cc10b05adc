package io.contextdb.tck.fault;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.tck.Kit;
import io.contextdb.tck.NetworkStore;
import java.time.Duration;

/**
 * The store under test behind a proxy.
 *
 * @param proxy makes faults
 * @param source opened through the proxy
 * @param connection through the proxy
 */
record Faulted(FaultProxy proxy, ContextDataSource source, ContextConnection connection) implements AutoCloseable {
    /** Opens it, without a fault yet. */
    static Faulted open(Kit kit) {
        NetworkStore network = kit.network();
        FaultProxy proxy = FaultProxy.before(network.address(), kit.seed());
        try {
            ContextDataSource source = ContextDataSource.open(network.url().apply(proxy.address()));
            return new Faulted(proxy, source, source.getConnection());
        } catch (RuntimeException failed) {
            proxy.close();
            throw failed;
        }
    }

    /** Returns the connection with a deadline for its calls. */
    ContextConnection within(Duration timeout) {
        return connection.withTimeout(timeout);
    }

    @Override
    public void close() {
        // Without the network first, so that nothing of the driver waits for an answer.
        proxy.close();
        source.close();
    }
}
