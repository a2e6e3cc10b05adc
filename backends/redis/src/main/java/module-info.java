/** The Redis backend: keys, limiters and events in a Redis, alone, with Sentinel or as a cluster. */
module io.contextdb.backend.redis {
    requires io.contextdb.json;
    requires transitive io.contextdb.spi;
    requires io.netty.common;
    requires lettuce.core;
    requires static org.jspecify;

    exports io.contextdb.backend.redis;

    provides io.contextdb.spi.BackendProvider with
            io.contextdb.backend.redis.RedisProvider;
}
