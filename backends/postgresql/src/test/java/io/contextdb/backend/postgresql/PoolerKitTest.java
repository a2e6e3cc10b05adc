package io.contextdb.backend.postgresql;

import io.contextdb.tck.ContextDbKit;
import io.contextdb.tck.NetworkStore;
import io.contextdb.tck.ServerKind;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** The PostgreSQL backend against the contract, behind PgBouncer in transaction mode. */
@Tag("slow")
class PoolerKitTest extends ContextDbKit {
    private static final String SCHEMA = TestServer.schema("pooledkit");
    private static final TestServer POOLER = pooler();

    private static TestServer pooler() {
        TestServer pooler = TestServer.pooler();
        TestServer.open(TestServer.get().url(SCHEMA)).close();
        return pooler;
    }

    @Override
    protected String url() {
        return POOLER.url(SCHEMA);
    }

    @Override
    protected Optional<NetworkStore> network() {
        return Optional.of(new NetworkStore(POOLER.listensAt(), address -> POOLER.at(address, SCHEMA)));
    }

    @Override
    protected ServerKind server() {
        return ServerKind.LOCAL;
    }
}
