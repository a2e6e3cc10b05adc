package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a scrub, step by step, until it is closed. Thread-safe. */
final class ScrubThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScrubThread.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofSeconds(5);

    private final Scrub scrub;
    private final Thread thread;
    private volatile boolean closed;

    ScrubThread(String name, Scrub scrub) {
        this.scrub = scrub;
        this.thread =
                Thread.ofPlatform().name("contextdb-scrub-" + name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                sleep(step());
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    private Duration step() {
        try {
            return scrub.step();
        } catch (ContextException failed) {
            LOG.debug("a store does not answer; compared again later", failed);
        } catch (RuntimeException | Error failed) {
            LOG.error("a comparison in the background failed; tried again later", failed);
        }
        return AFTER_FAILURE;
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** Ends the thread and lets another driver go on. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(END);
            if (!thread.isAlive()) {
                scrub.stop();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ContextException unreachable) {
            LOG.debug("the lease ends by itself", unreachable);
        }
    }
}
