package io.contextdb.backend.postgresql;

import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Asks the server how it is, and whether a setting of it weakens what the store promises. */
final class ServerHealth {
    private static final String ASK = """
            SELECT pg_is_in_recovery()::text, current_setting('fsync'), current_setting('full_page_writes'),
                   current_setting('synchronous_commit'), current_setting('server_version')
            """;

    private ServerHealth() {}

    static Health ask(Store store, Upkeep upkeep, Deadline deadline) {
        Map<String, String> details = new TreeMap<>();
        try {
            long start = System.nanoTime();
            boolean weak = store.connections().read(deadline, connection -> {
                boolean[] risk = {false};
                new Script()
                        .rows(
                                row -> {
                                    details.put("server.version", row.getString(5));
                                    risk[0] |= risky(details, "server.inRecovery", row.getString(1), "false");
                                    risk[0] |= risky(details, "server.fsync", row.getString(2), "on");
                                    risk[0] |= risky(details, "server.fullPageWrites", row.getString(3), "on");
                                    String sync = row.getString(4);
                                    details.put("server.synchronousCommit", sync);
                                    risk[0] |= sync.equals("off");
                                },
                                ASK)
                        .send(connection, store.names());
                return risk[0];
            });
            Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
            weak |= !replicasServe(store, deadline, details);
            String trouble = upkeep.trouble();
            if (trouble != null) {
                details.put("upkeep", trouble);
            }
            return new Health(weak || trouble != null ? Health.Status.DEGRADED : Health.Status.UP, roundTrip, details);
        } catch (ContextException down) {
            details.put("error", String.valueOf(down.getMessage()));
            return new Health(Health.Status.DOWN, Duration.ZERO, details);
        }
    }

    private static boolean replicasServe(Store store, Deadline deadline, Map<String, String> details) {
        try {
            store.replicaBehind(deadline).ifPresent(bytes -> details.put("replica.bytesBehind", Long.toString(bytes)));
            return true;
        } catch (ContextException unreachable) {
            details.put("replica.error", String.valueOf(unreachable.getMessage()));
            return false;
        }
    }

    private static boolean risky(Map<String, String> details, String name, String value, String safe) {
        details.put(name, value);
        return !value.equals(safe);
    }
}
