package io.contextdb.backend.postgresql;

import io.contextdb.tck.ContextDbKit;

/** The PostgreSQL backend against the contract. */
class PostgresKitTest extends ContextDbKit {
    private static final String SCHEMA = TestServer.schema("kit");

    @Override
    protected String url() {
        return TestServer.get().url(SCHEMA);
    }
}
