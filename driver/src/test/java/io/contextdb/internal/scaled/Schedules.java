package io.contextdb.internal.scaled;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;

/** Tries the schedules of many seeds on all processors, in virtual threads as the actors are: changing from one to the next is cheap then. */
final class Schedules {
    private Schedules() {}

    /** Returns the first seed of a range for which something holds. */
    static OptionalLong first(long from, long to, LongPredicate holds) {
        AtomicLong next = new AtomicLong(from);
        AtomicLong found = new AtomicLong(to);
        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (long seed = next.getAndIncrement(); seed < found.get(); seed = next.getAndIncrement()) {
                        if (holds.test(seed)) {
                            found.accumulateAndGet(seed, Math::min);
                        }
                    }
                } catch (RuntimeException | Error unexpected) {
                    failed.compareAndSet(null, unexpected);
                    found.set(from);
                }
            }));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
        if (failed.get() != null) {
            throw new AssertionError("a schedule broke", failed.get());
        }
        return found.get() == to ? OptionalLong.empty() : OptionalLong.of(found.get());
    }
}
