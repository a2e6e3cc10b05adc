package io.contextdb.scaled;

import io.contextdb.tck.ContextDbKit;
import io.contextdb.tck.ServerKind;

/** PostgreSQL, Qdrant and Redis as one store against the contract. */
class ScaledStoresKitTest extends ContextDbKit {
    private static String url;

    @Override
    protected synchronized String url() {
        if (url == null) {
            url = Servers.url("kit");
        }
        return url;
    }

    /** The weakest of the three is what the report says. */
    @Override
    protected ServerKind server() {
        return Servers.qdrant().kind().contains("front") ? ServerKind.ENGINE_BEHIND_FRONT : ServerKind.LOCAL;
    }
}
