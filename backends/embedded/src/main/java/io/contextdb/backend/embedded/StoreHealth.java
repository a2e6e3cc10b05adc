package io.contextdb.backend.embedded;

import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks a store how it is: a question to its records, the room on its disk, how far its index is. */
final class StoreHealth {
    private static final long LITTLE_ROOM = 256L << 20;

    private StoreHealth() {}

    static Health ask(Store store, Deadline deadline) {
        Map<String, String> details = new TreeMap<>();
        if (!store.files().areThere()) {
            return down(
                    details, String.valueOf(store.files().error(Outcome.UNKNOWN).getMessage()));
        }
        Throwable broken = store.broken();
        if (broken != null) {
            return down(details, "the writer was ended by " + broken + "; close the store and open it again");
        }
        try {
            Duration roundTrip = store.ping(deadline);
            long free = Files.getFileStore(store.directory()).getUsableSpace();
            boolean sound = store.index().ready();
            details.put("disk.freeBytes", Long.toString(free));
            details.put("index.commitsNotYetOnDisk", Long.toString(store.index().behind()));
            details.put(
                    "index.pendingPoints",
                    Integer.toString(store.index().overlay().size()));
            details.put("commit", Long.toString(store.visible()));
            details.put("transactions", Long.toString(store.transactions()));
            if (!sound) {
                Throwable trouble = store.index().trouble();
                details.put("index", "is being made from the records" + (trouble == null ? "" : ": " + trouble));
                details.put("index.failures", Integer.toString(store.index().failures()));
            }
            if (free < LITTLE_ROOM) {
                details.put("disk", "has little room left");
            }
            List<String> told = store.records().told();
            if (!told.isEmpty()) {
                details.put("records", String.join("; ", told));
            }
            return new Health(
                    sound && told.isEmpty() && free >= LITTLE_ROOM ? Health.Status.UP : Health.Status.DEGRADED,
                    roundTrip,
                    details);
        } catch (ContextException | IOException down) {
            return down(details, String.valueOf(down.getMessage()));
        }
    }

    private static Health down(Map<String, String> details, String error) {
        details.put("error", error);
        return new Health(Health.Status.DOWN, Duration.ZERO, details);
    }

    static Health closed() {
        return new Health(Health.Status.DOWN, Duration.ZERO, Map.of("error", "closed"));
    }
}
