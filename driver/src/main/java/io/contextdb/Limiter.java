package io.contextdb;

import io.contextdb.internal.call.Session;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult.Permits;
import java.time.Duration;
import java.util.List;

/**
 * A sliding-window rate limiter (contract K4): at most so many permits in any window of that length, counted in the store, so
 * over all processes. Thread-safe.
 */
public final class Limiter {
    private final Session session;
    private final NamespaceName namespace;
    private final int limit;
    private final Duration window;

    Limiter(Session session, NamespaceName namespace, int limit, Duration window) {
        new KeyMutation.Acquire("limiter", 1, limit, window);
        this.session = session;
        this.namespace = namespace;
        this.limit = limit;
        this.window = window;
    }

    /** Asks for one permit for a key: a user, an address. */
    public Permits tryAcquire(String key) {
        return tryAcquire(key, 1);
    }

    /** Asks for permits for a key, 1 to the limit, all or none. */
    public Permits tryAcquire(String key, int permits) {
        return Results.as(
                Permits.class,
                session.apply(namespace, List.of(new KeyMutation.Acquire(key, permits, limit, window)))
                        .results()
                        .get(0));
    }
}
