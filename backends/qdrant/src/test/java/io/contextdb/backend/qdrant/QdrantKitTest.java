package io.contextdb.backend.qdrant;

import io.contextdb.tck.ContextDbKit;
import io.contextdb.tck.NetworkStore;
import io.contextdb.tck.ServerKind;
import java.util.Optional;

/** The contract, on Qdrant. */
class QdrantKitTest extends ContextDbKit {
    private static final String PREFIX = TestServer.prefix("kit");

    @Override
    protected String url() {
        return TestServer.get().url(PREFIX);
    }

    @Override
    protected Optional<NetworkStore> network() {
        return Optional.of(TestServer.get().network(PREFIX));
    }

    @Override
    protected ServerKind server() {
        return TestServer.get().kind();
    }
}
