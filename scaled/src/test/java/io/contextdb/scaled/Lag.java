package io.contextdb.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.spi.Health;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What health says of the stores that follow. */
final class Lag {
    private static final String NONE = "0 batches";

    private Lag() {}

    /** Waits until each store is followed and none is behind; a Redis that may lose its last writes is degraded all the same. */
    static void awaitNone(ContextConnection connection, Duration limit) {
        try {
            Eventually.become("nothing is behind", limit, () -> isNone(connection));
        } catch (AssertionError late) {
            throw new AssertionError(connection.health().toString(), late);
        }
    }

    private static boolean isNone(ContextConnection connection) {
        Health health = connection.health();
        return health.status() != Health.Status.DOWN
                && health.details().keySet().stream().noneMatch(name -> name.endsWith(".trouble"))
                && health.details().entrySet().stream()
                        .filter(detail -> detail.getKey().endsWith(".behind"))
                        .map(Map.Entry::getValue)
                        .allMatch(NONE::equals);
    }

    /** Returns how many batches the copy of the vectors is behind; empty while nobody knows. */
    static OptionalLong ofVectors(ContextConnection connection) {
        String behind = connection.health().details().getOrDefault("vectors.behind", "");
        Matcher number = Pattern.compile("(\\d+) batches").matcher(behind);
        return number.matches() ? OptionalLong.of(Long.parseLong(number.group(1))) : OptionalLong.empty();
    }
}
