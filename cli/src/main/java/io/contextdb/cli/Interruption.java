package io.contextdb.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets work come to a good end when the user presses Ctrl-C; the process then ends with {@link ExitCode#INTERRUPTED}. */
public final class Interruption {
    private static final long PATIENCE_SECONDS = 30;

    private Interruption() {}

    /**
     * Does some work. While it lasts, an end of the process first asks it to stop, then waits for it.
     *
     * @param stop asks the work to stop, from another thread
     * @param work the work, which must give back what it opened
     */
    public static <T> T during(Runnable stop, Callable<T> work) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().name("contextdb-interrupt").unstarted(() -> {
            stop.run();
            await(ended);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.call();
        } finally {
            ended.countDown();
            remove(hook);
        }
    }

    private static void await(CountDownLatch ended) {
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("contextdb: did not come to an end within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook runs: it is what ended the work.
        }
    }
}
