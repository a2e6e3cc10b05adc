package io.contextdb.backend.postgresql;

import io.contextdb.tck.ContextDbKit;
import io.contextdb.tck.NetworkStore;
import io.contextdb.tck.ServerKind;
import java.util.Optional;

/** The PostgreSQL backend against the contract, faults of the network included. */
class PostgresKitTest extends ContextDbKit {
    private static final String SCHEMA = TestServer.schema("kit");

    @Override
    protected String url() {
        return TestServer.get().url(SCHEMA);
    }

    @Override
    protected Optional<NetworkStore> network() {
        TestServer server = TestServer.get();
        return Optional.of(new NetworkStore(server.listensAt(), address -> server.at(address, SCHEMA)));
    }

    @Override
    protected ServerKind server() {
        return TestServer.get().kind().equals("external") ? ServerKind.REAL : ServerKind.LOCAL;
    }
}
