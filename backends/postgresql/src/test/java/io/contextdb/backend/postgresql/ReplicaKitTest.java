package io.contextdb.backend.postgresql;

import io.contextdb.tck.ContextDbKit;
import io.contextdb.tck.ServerKind;
import org.junit.jupiter.api.Tag;

/** The PostgreSQL backend against the contract, reading from a standby where it can; on a network without faults. */
@Tag("slow")
class ReplicaKitTest extends ContextDbKit {
    private static final String SCHEMA = TestServer.schema("replicakit");
    private static final ServerPair SERVERS = ServerPair.start("replicakit");

    static {
        // The kit cleans up after this class has ended.
        Runtime.getRuntime().addShutdownHook(new Thread(SERVERS::close));
    }

    @Override
    protected String url() {
        return SERVERS.url(SCHEMA) + "&replicas=prefer";
    }

    @Override
    protected ServerKind server() {
        return ServerKind.LOCAL;
    }
}
