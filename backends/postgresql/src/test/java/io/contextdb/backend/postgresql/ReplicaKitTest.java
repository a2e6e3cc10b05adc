package io.contextdb.backend.postgresql;

import io.contextdb.tck.ContextDbKit;
import io.contextdb.tck.ServerKind;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

/**
 * The PostgreSQL backend against the contract, reading from a standby where it can; on a network without faults. Commits wait
 * until the standby shows them, as the kit reads by connections that have not seen the token.
 */
@Tag("slow")
class ReplicaKitTest extends ContextDbKit {
    private static final String SCHEMA = TestServer.schema("replicakit");
    private static final ServerPair SERVERS = ServerPair.start("replicakit");

    static {
        try {
            SERVERS.setSynchronous(true);
            ServerPair.execute(SERVERS.primary(), "ALTER SYSTEM SET synchronous_commit = remote_apply");
            ServerPair.execute(SERVERS.primary(), "SELECT pg_reload_conf()");
            SERVERS.await("SELECT current_setting('synchronous_commit') = 'remote_apply'");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
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
