package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a relay: at once after a commit of this process, else less and less often while there is nothing to do. Thread-safe. */
final class RelayThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayThread.class);
    private static final Duration SHORTEST_REST = Duration.ofMillis(5);
    private static final Duration LONGEST_REST = Duration.ofMillis(200);
    private static final Duration WHILE_OTHERS_WORK = Duration.ofSeconds(1);
    private static final Duration FIRST_REST_AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration LONGEST_REST_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration END = Duration.ofSeconds(5);

    private final String name;
    private final Relay relay;
    private final Thread thread;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean closed;
    private volatile @Nullable String trouble;
    /** The kinds of trouble that were logged since it last worked; used by the thread alone. */
    private final Set<String> reported = new HashSet<>();

    RelayThread(String name, Relay relay) {
        this.name = name;
        this.relay = relay;
        this.thread =
                Thread.ofPlatform().name("contextdb-relay-" + name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Says that there may be something to do. */
    void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    /** Returns what keeps the relay from working, if anything does. */
    @Nullable
    String trouble() {
        return trouble;
    }

    private void run() {
        Duration rest = SHORTEST_REST;
        Duration afterFailure = FIRST_REST_AFTER_FAILURE;
        while (!closed) {
            try {
                Relay.Pass pass = relay.pass();
                if (trouble != null) {
                    LOG.info("{} is followed again", name);
                    trouble = null;
                    reported.clear();
                }
                afterFailure = FIRST_REST_AFTER_FAILURE;
                rest = switch (pass) {
                    case WORKED -> SHORTEST_REST;
                    case IDLE -> least(LONGEST_REST, rest.multipliedBy(2));
                    case NOT_OURS -> WHILE_OTHERS_WORK;
                };
                if (pass != Relay.Pass.WORKED && sleep(rest)) {
                    rest = SHORTEST_REST;
                }
            } catch (RuntimeException | Error failed) {
                // An Error too: a thread that ended would follow nobody, and nobody would be told.
                report(failed);
                restAfterFailure(afterFailure);
                afterFailure = least(LONGEST_REST_AFTER_FAILURE, afterFailure.multipliedBy(2));
            }
        }
    }

    private void report(Throwable failed) {
        String problem = failed instanceof ContextException ? String.valueOf(failed.getMessage()) : failed.toString();
        if (closed) {
            return;
        }
        // A store that is down fails in many words, and in two ways by turns; what is said once is the kind of trouble.
        String kind = failed instanceof ContextException known
                ? known.code().name()
                : failed.getClass().getName();
        if (reported.add(kind)) {
            if (failed instanceof ContextException) {
                LOG.warn("{} is not followed at present: {}", name, problem);
            } else {
                LOG.error("{} is not followed at present", name, failed);
            }
        }
        trouble = problem;
    }

    /** Rests; true if somebody said that there is something to do. */
    private boolean sleep(Duration time) {
        try {
            return wake.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ended) {
            return false;
        }
    }

    /** Rests whatever is written meanwhile: a store that is down is not asked more often because there is more to do. */
    private static void restAfterFailure(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException ended) {
            // The thread is to end, which its loop looks at.
        }
    }

    private static Duration least(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Ends the thread and lets another driver work at once. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(END);
            if (!thread.isAlive()) {
                relay.stop();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ContextException unreachable) {
            LOG.debug("{}: the lease ends by itself", name, unreachable);
        }
    }
}
