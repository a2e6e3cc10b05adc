package io.contextdb.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/** The threads that call, and what is measured of them. */
final class Callers implements AutoCloseable {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What one caller did. */
    private record Share(long found, long bytes) {}

    private final int number;
    private final ExecutorService pool;
    /** What all operations found: nobody reads it, but the compilers cannot know. */
    private final LongAdder found = new LongAdder();

    Callers(int number) {
        this.number = number;
        this.pool = Executors.newFixedThreadPool(
                number, Thread.ofPlatform().name("bench-caller-", 1).daemon().factory());
    }

    /** Lets each caller do this many operations. */
    Round round(Side side, int each) throws Exception {
        side.preparation().prepare(each * number);
        long cpu = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        List<Future<Share>> running = new ArrayList<>(number);
        for (int caller = 0; caller < number; caller++) {
            running.add(pool.submit(() -> call(side.operation(), each)));
        }
        long bytes = 0;
        for (Future<Share> caller : running) {
            Share share = outcome(side, caller);
            bytes += share.bytes();
            found.add(share.found());
        }
        long nanos = System.nanoTime() - start;
        return new Round((long) each * number, nanos, SYSTEM.getProcessCpuTime() - cpu, bytes);
    }

    private static Share call(Operation operation, int times) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long found = 0;
        for (int i = 0; i < times; i++) {
            found += operation.run();
        }
        return new Share(found, THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    private static Share outcome(Side side, Future<Share> caller) throws InterruptedException {
        try {
            return caller.get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException(side.name() + " failed", failed.getCause());
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
