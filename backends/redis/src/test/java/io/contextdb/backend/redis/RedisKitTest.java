package io.contextdb.backend.redis;

import io.contextdb.tck.ContextDbKit;

/** The contract, on a real Redis. */
class RedisKitTest extends ContextDbKit {
    private static final String PREFIX = TestServer.prefix("kit");

    @Override
    protected String url() {
        return TestServer.get().url(PREFIX);
    }
}
