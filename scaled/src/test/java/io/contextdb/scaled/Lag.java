package io.contextdb.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.spi.Health;
import java.util.Map;

/** What health says of the stores that follow. */
final class Lag {
    private static final String NONE = "0 batches";

    private Lag() {}

    /** Returns whether all is up and nothing is behind. */
    static boolean isNone(ContextConnection connection) {
        Health health = connection.health();
        return health.status() == Health.Status.UP
                && health.details().entrySet().stream()
                        .filter(detail -> detail.getKey().endsWith(".behind"))
                        .map(Map.Entry::getValue)
                        .allMatch(NONE::equals);
    }
}
