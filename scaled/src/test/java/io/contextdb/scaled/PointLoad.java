package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Threads that put and delete points, and search what they have just changed and what is long there, until closed. Nothing of it may
 * fail or be wrong.
 */
final class PointLoad implements AutoCloseable {
    private static final int THREADS = 3;
    private static final int DELETED_OF = 7;
    private static final Duration BETWEEN = Duration.ofMillis(2);

    private final ContextConnection connection;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong searches = new AtomicLong();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads;
    private volatile boolean stop;

    PointLoad(ContextConnection connection) {
        this.connection = connection;
        this.threads = IntStream.range(0, THREADS)
                .mapToObj(i -> Thread.ofPlatform().name("load-" + i).start(this::run))
                .toList();
    }

    private void run() {
        Deque<Long> own = new ArrayDeque<>();
        while (!stop) {
            long number = numbers.incrementAndGet();
            try {
                Points.in(connection).put(Points.SPACE.name(), Points.point(number));
                own.add(number);
                require(Points.isFound(connection, number), "own point is not found: " + number);
                long oldest = own.getFirst();
                require(Points.isFound(connection, oldest), "older point is not found: " + oldest);
                if (number % DELETED_OF == 0) {
                    Points.in(connection).delete(Points.SPACE.name(), Points.id(oldest));
                    own.removeFirst();
                    require(!Points.isFound(connection, oldest), "deleted point is found: " + oldest);
                }
            } catch (RuntimeException failed) {
                wrong.add(number + ": " + failed);
            }
            Eventually.pause(BETWEEN);
        }
    }

    private void require(boolean right, String otherwise) {
        searches.incrementAndGet();
        if (!right) {
            wrong.add(otherwise);
        }
    }

    /** Returns how many points were put. */
    long written() {
        return numbers.get();
    }

    /** Requires that nothing failed and every search was right, so far. */
    void requireRight() {
        assertThat(wrong).as("of %d searches", searches.get()).isEmpty();
    }

    @Override
    public void close() {
        stop = true;
        Eventually.join(threads);
    }
}
