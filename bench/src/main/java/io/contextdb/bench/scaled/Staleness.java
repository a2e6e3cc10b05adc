package io.contextdb.bench.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.ContextUrl;
import io.contextdb.Namespace;
import io.contextdb.bench.Spread;
import io.contextdb.bench.Table;
import io.contextdb.bench.VectorData;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How long after a write has returned the copy of the vectors has its point. Batches of a node and its point are written at a steady
 * rate, the relay is in this process, and the copy's own watermark is looked at every few milliseconds, as it says up to which commit the
 * copy has everything. What is not there yet is what a search adds from the source.
 */
final class Staleness {
    private static final int CALLERS = 32;
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final String source;
    private final String copy;

    /** Measures a copy, given its URL and the source's, both without {@code contextdb:}. */
    Staleness(String name, String source, String copy) {
        this.name = name;
        this.source = source;
        this.copy = copy;
    }

    static Table table() {
        return Table.of(
                "scaled/staleness",
                "How long after a write returned the copy of the vectors had it",
                "copy",
                "asked for, a second",
                "written",
                "carried to the copy",
                "lag, ms: median",
                "99th percentile",
                "largest",
                "not yet in the copy: median",
                "most");
    }

    /** Writes at a rate for some time, and adds what was found to a table. */
    Table row(Table table, int rate, Duration time) throws Exception {
        try (Backend followed = open("contextdb:" + copy);
                ContextConnection connection =
                        ContextDriverManager.getConnection(ScaledUrl.copied(source, copy) + "&backlog=1000000000")) {
            Namespace namespace = connection.namespace("bench" + System.nanoTime());
            namespace.vectors().createSpace(VectorSpace.cosine(SampleWrites.SPACE, VectorData.DIMENSIONS));
            Projection projection =
                    followed.projection().orElseThrow(() -> new IllegalStateException(copy + " is no copy"));
            new Course(namespace, projection, rate).run(WARM_UP);
            Course course = new Course(namespace, projection, rate);
            course.run(time);
            return course.row(table, name);
        }
    }

    private static Backend open(String url) {
        ContextUrl parsed = ContextUrl.parse(url);
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.scheme().equals(parsed.scheme())) {
                return provider.open(
                        new BackendConfig(parsed.scheme(), parsed.location(), parsed.options(), List.of()));
            }
        }
        throw new IllegalStateException("no backend is there for " + parsed.scheme());
    }

    /** Writes at one rate, and what becomes of them. */
    private static final class Course {
        /** A write that the copy is not known to have: the time of its commit, by the source's clock, and of its return, by ours. */
        private record Write(Instant committed, long returned) {}

        private final SampleWrites writes = new SampleWrites();
        private final Namespace namespace;
        private final Projection projection;
        private final int rate;
        private final Queue<Write> open = new ConcurrentLinkedQueue<>();
        private final List<Double> lags = new ArrayList<>();
        private final List<Double> waiting = new ArrayList<>();
        private long started;
        private long written;
        private long carried;

        Course(Namespace namespace, Projection projection, int rate) {
            this.namespace = namespace;
            this.projection = projection;
            this.rate = rate;
        }

        void run(Duration time) throws Exception {
            int count = Math.toIntExact(rate * time.toSeconds());
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> callers = new ArrayList<>();
            started = System.nanoTime();
            try (ExecutorService pool = Executors.newFixedThreadPool(CALLERS)) {
                for (int i = 0; i < CALLERS; i++) {
                    callers.add(pool.submit(() -> write(next, count)));
                }
                while (callers.stream().anyMatch(caller -> !caller.isDone())) {
                    look();
                }
                written = System.nanoTime();
                for (Future<?> caller : callers) {
                    caller.get();
                }
                while (!open.isEmpty() && System.nanoTime() - written < PATIENCE.toNanos()) {
                    look();
                }
            }
            carried = System.nanoTime();
            if (!open.isEmpty()) {
                throw new IllegalStateException(
                        open.size() + " writes were not in the copy " + PATIENCE + " after the last");
            }
        }

        private void write(AtomicInteger next, int count) {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                long due = started + i * TimeUnit.SECONDS.toNanos(1) / rate;
                for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                    LockSupport.parkNanos(due - now);
                }
                Instant committed = writes.nodeAndPoint(namespace);
                open.add(new Write(committed, System.nanoTime()));
            }
        }

        private void look() {
            Instant reached = projection
                    .watermark(Deadline.after(PATIENCE))
                    .map(Watermark::at)
                    .orElse(Instant.MIN);
            long now = System.nanoTime();
            int left = 0;
            for (Iterator<Write> each = open.iterator(); each.hasNext(); ) {
                Write write = each.next();
                if (write.committed().isAfter(reached)) {
                    left++;
                } else {
                    lags.add(Math.max(0, now - write.returned()) / 1e6);
                    each.remove();
                }
            }
            waiting.add((double) left);
            LockSupport.parkNanos(LOOK_NANOS);
        }

        Table row(Table table, String name) {
            Collections.sort(lags);
            Collections.sort(waiting);
            double count = lags.size();
            return table.row(
                    name,
                    Integer.toString(rate),
                    Spread.figure(count / ((written - started) / 1e9)),
                    Spread.figure(count / ((carried - started) / 1e9)),
                    Spread.figure(part(lags, 0.5)),
                    Spread.figure(part(lags, 0.99)),
                    Spread.figure(lags.getLast()),
                    Spread.figure(part(waiting, 0.5)),
                    Spread.figure(waiting.getLast()));
        }

        private static double part(List<Double> sorted, double part) {
            return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part));
        }
    }
}
