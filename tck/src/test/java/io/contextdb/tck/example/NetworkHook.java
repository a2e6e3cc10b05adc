package io.contextdb.tck.example;

import io.contextdb.tck.ContextDbKit;
import io.contextdb.tck.NetworkStore;
import java.net.InetSocketAddress;
import java.util.Optional;

/** How a kit class tells where its store listens, as the guide shows it; compiled, not run. */
abstract class NetworkHook extends ContextDbKit {
    @Override
    protected Optional<NetworkStore> network() {
        return Optional.of(new NetworkStore(
                new InetSocketAddress("127.0.0.1", 5432),
                address -> "contextdb:mine://127.0.0.1:" + address.getPort() + "/test"));
    }
}
