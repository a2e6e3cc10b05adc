package io.contextdb.backend.postgresql;

import io.contextdb.tck.ContextDbKit;

/** The PostgreSQL backend against the contract. */
class PostgresKitTest extends ContextDbKit {
    private static final String SCHEMA = "kit_" + Long.toString(System.nanoTime(), 36);

    @Override
    protected String url() {
        return TestServer.get().url(SCHEMA);
    }
}
