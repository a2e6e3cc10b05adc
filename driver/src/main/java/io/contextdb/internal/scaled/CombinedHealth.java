package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The health of several stores: down if one that is needed is; degraded if a copy is, or is not followed, or lags. */
final class CombinedHealth {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private CombinedHealth() {}

    static Health of(Stores stores, Followers followers, Deadline deadline) {
        Map<String, String> details = new TreeMap<>();
        long start = System.nanoTime();
        Health.Status worst = add(details, ScaledSettings.GRAPH.name(), stores.source(), deadline);
        for (Home home : stores.homes()) {
            worst = worse(worst, add(details, home.name(), home.backend(), deadline));
        }
        if (stores.vectors().isPresent()) {
            Health.Status copy =
                    add(details, ScaledSettings.VECTORS.name(), stores.vectors().get(), deadline);
            worst = worse(worst, copy == Health.Status.UP ? copy : Health.Status.DEGRADED);
        }
        if (worst != Health.Status.DOWN && followers.describe(details, deadline)) {
            worst = worse(worst, Health.Status.DEGRADED);
        }
        return new Health(worst, Duration.ofNanos(System.nanoTime() - start), details);
    }

    private static Health.Status add(Map<String, String> details, String name, Backend store, Deadline deadline) {
        Health health = store.health(Share.of(deadline, PATIENCE));
        details.put(name, health.status().name());
        health.details().forEach((key, value) -> details.put(name + "." + key, value));
        return health.status();
    }

    private static Health.Status worse(Health.Status a, Health.Status b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
