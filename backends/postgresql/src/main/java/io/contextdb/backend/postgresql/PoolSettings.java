package io.contextdb.backend.postgresql;

import com.zaxxer.hikari.HikariConfig;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.time.Duration;
import java.util.List;

/**
 * How connections are pooled.
 *
 * @param size most connections
 * @param idle connections that are kept open
 * @param background most connections for work of our own
 * @param connectTimeout longest wait for a new connection
 * @param idleTimeout how long one that is not needed stays open
 * @param maxLifetime how long any stays open
 * @param keepaliveTime how often an idle one is tried
 */
record PoolSettings(
        int size,
        int idle,
        int background,
        Duration connectTimeout,
        Duration idleTimeout,
        Duration maxLifetime,
        Duration keepaliveTime) {
    /** A caller that waits in vain for a standby must not wait long, as the primary can answer it. */
    private static final Duration REPLICA_CONNECT = Duration.ofSeconds(1);

    private static final Duration DAY = Duration.ofDays(1);

    private static final OptionDescriptor<Long> SIZE =
            OptionDescriptor.integer("poolSize", 10, 2, 1_000, "most connections to the server at a time");
    private static final OptionDescriptor<Long> IDLE = OptionDescriptor.integer(
            "poolIdle", 2, 0, 1_000, "connections that are kept open while there is nothing to do");
    private static final OptionDescriptor<Long> BACKGROUND = OptionDescriptor.integer(
            "poolBackground", 2, 1, 16, "most connections, beside the others, for upkeep and for building indexes");
    private static final OptionDescriptor<Duration> CONNECT = OptionDescriptor.duration(
            "connectTimeout",
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            "how long a connection may take to be made");
    private static final OptionDescriptor<Duration> IDLE_TIMEOUT = OptionDescriptor.duration(
            "pool.idleTimeout",
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            DAY,
            "after how long a connection beyond poolIdle is closed that nobody needs");
    private static final OptionDescriptor<Duration> MAX_LIFETIME = OptionDescriptor.duration(
            "pool.maxLifetime",
            Duration.ofMinutes(25),
            Duration.ofSeconds(30),
            DAY,
            "after how long a connection is replaced; less than what a firewall or a pooler in between allows");
    private static final OptionDescriptor<Duration> KEEPALIVE = OptionDescriptor.duration(
            "pool.keepaliveTime",
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            DAY,
            "how often an idle connection is tried; less than pool.maxLifetime");
    /** How long an idle connection may take to answer; a call may wait so long beyond its deadline (contract G10). */
    private static final Duration VALIDATION = Duration.ofMillis(500);

    static final List<OptionDescriptor<?>> OPTIONS =
            List.of(SIZE, IDLE, BACKGROUND, CONNECT, IDLE_TIMEOUT, MAX_LIFETIME, KEEPALIVE);

    /** Refuses what the pool would set aside with no more than a warning. */
    PoolSettings {
        checkShorter(KEEPALIVE, keepaliveTime, maxLifetime);
        checkShorter(IDLE_TIMEOUT, idleTimeout, maxLifetime);
    }

    private static void checkShorter(OptionDescriptor<?> option, Duration value, Duration lifetime) {
        if (value.compareTo(lifetime) >= 0) {
            throw new InvalidRequestException(
                    option.name(),
                    "must be shorter than pool.maxLifetime (" + lifetime.toSeconds() + "s), is " + value.toSeconds()
                            + "s");
        }
    }

    static PoolSettings of(BackendConfig config) {
        return new PoolSettings(
                Math.toIntExact(config.get(SIZE)),
                Math.toIntExact(Math.min(config.get(IDLE), config.get(SIZE))),
                Math.toIntExact(config.get(BACKGROUND)),
                config.get(CONNECT),
                config.get(IDLE_TIMEOUT),
                config.get(MAX_LIFETIME),
                config.get(KEEPALIVE));
    }

    PoolSettings toReplicas() {
        return with(size, idle, REPLICA_CONNECT);
    }

    PoolSettings inBackground() {
        return with(background, 0, connectTimeout);
    }

    private PoolSettings with(int otherSize, int otherIdle, Duration otherConnect) {
        return new PoolSettings(
                otherSize, otherIdle, background, otherConnect, idleTimeout, maxLifetime, keepaliveTime);
    }

    /** Returns the configuration of a pool that opens no connection before it is asked for one. */
    HikariConfig named(String name) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(idle);
        config.setConnectionTimeout(connectTimeout.toMillis());
        config.setIdleTimeout(idleTimeout.toMillis());
        config.setMaxLifetime(maxLifetime.toMillis());
        config.setKeepaliveTime(keepaliveTime.toMillis());
        config.setValidationTimeout(VALIDATION.toMillis());
        // The first connection is made by the caller, who learns what is wrong with it.
        config.setInitializationFailTimeout(-1);
        return config;
    }
}
