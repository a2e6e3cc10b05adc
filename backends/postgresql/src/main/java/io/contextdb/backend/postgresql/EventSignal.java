package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes those who wait for events of a namespace when any may have been committed there. Thread-safe. */
final class EventSignal {
    /** One who waits. A signal that comes before the wait ends it at once, so look for events in between. */
    final class Watch implements AutoCloseable {
        private final String namespace;
        private final Semaphore signals = new Semaphore(0);

        private Watch(String namespace) {
            this.namespace = namespace;
        }

        /** Waits for a signal; false if the thread is interrupted. */
        boolean await(Deadline deadline) {
            try {
                if (signals.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                    signals.drainPermits();
                }
                return true;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() {
            watches.computeIfPresent(namespace, (name, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /** Who waits, by namespace; the sets are changed within the map's compute only, and never empty. */
    private final Map<String, Set<Watch>> watches = new ConcurrentHashMap<>();

    Watch watch(NamespaceName namespace) {
        Watch watch = new Watch(namespace.value());
        watches.compute(namespace.value(), (name, all) -> {
            Set<Watch> watching = all == null ? ConcurrentHashMap.newKeySet() : all;
            watching.add(watch);
            return watching;
        });
        return watch;
    }

    boolean isWatched() {
        return !watches.isEmpty();
    }

    /** Wakes who waits in a namespace; a name that none has wakes nobody. */
    void signal(String namespace) {
        watches.getOrDefault(namespace, Set.of()).forEach(watch -> watch.signals.release());
    }

    void signalAll() {
        watches.keySet().forEach(this::signal);
    }
}
