package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.receipt;
import static io.contextdb.tck.faulty.Fault.replaced;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.KeyMutation.Acquire;
import io.contextdb.spi.write.KeyMutation.Increment;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.MutationResult.Permits;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Mistakes with counters and limiters. */
final class CounterDefects {
    private CounterDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(counters());
        all.addAll(limiters());
        return all;
    }

    private static List<Defect> counters() {
        return List.of(
                remembering(
                        "increments-lost",
                        "Counters are read, raised and written back without a lock.",
                        "K3 G13",
                        () -> {
                            AtomicInteger running = new AtomicInteger();
                            return in("apply", call -> {
                                if (!(call.batch().mutations().get(0) instanceof Increment add)) {
                                    return call.proceed();
                                }
                                try {
                                    return running.incrementAndGet() == 1
                                            ? call.late().proceed()
                                            : call.pretended(new MutationResult.Counter(add.delta(), 1));
                                } finally {
                                    running.decrementAndGet();
                                }
                            });
                        }),
                of(
                        "increment-returns-the-old",
                        "An increment returns the value before it.",
                        "K3",
                        receipt((mutation, result) ->
                                mutation instanceof Increment add && result instanceof MutationResult.Counter counter
                                        ? new MutationResult.Counter(counter.value() - add.delta(), counter.version())
                                        : result)),
                of(
                        "counters-through-doubles",
                        "Counters are kept as floats, and lose their last bits beyond 2^53.",
                        "K3",
                        receipt((mutation, result) -> result instanceof MutationResult.Counter counter
                                ? new MutationResult.Counter((long) (double) counter.value(), counter.version())
                                : result)),
                of(
                        "counters-of-32-bits",
                        "Increments are added with 32 bits.",
                        "K3",
                        replaced(Increment.class, add -> new Increment(add.key(), (int) add.delta()))),
                of(
                        "overflow-wraps",
                        "A counter that overflows wraps around.",
                        "K3",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("increment.delta"),
                                call -> call.pretended(new MutationResult.Counter(Long.MIN_VALUE, 2)))),
                of(
                        "texts-counted-from-zero",
                        "Incrementing a value that is no number starts from 0.",
                        "K3",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("increment.key"),
                                call -> call.pretended(new MutationResult.Counter(1, 2)))),
                of(
                        "counters-in-binary",
                        "Counters are stored in binary, not in decimal.",
                        "K3",
                        in(
                                "keys.get",
                                call -> Rewriting.within(
                                        call.proceed(),
                                        KeyEntry.class,
                                        entry -> entry.key().startsWith("count")
                                                ? Rewriting.entry(
                                                        entry, entry.key(), Bytes.of(new byte[8]), entry.version())
                                                : entry))));
    }

    private static Fault permits(Function<Permits, Permits> change) {
        return receipt((mutation, result) -> result instanceof Permits permits ? change.apply(permits) : result);
    }

    private static List<Defect> limiters() {
        return List.of(
                of(
                        "limiter-off-by-one",
                        "A limiter gives one permit more than its limit.",
                        "K4",
                        replaced(
                                Acquire.class,
                                acquire -> new Acquire(
                                        acquire.key(),
                                        acquire.permits(),
                                        Math.min(1_000_000, acquire.limit() + 1),
                                        acquire.window()))),
                of(
                        "limiter-counts-calls",
                        "A limiter counts calls, not permits.",
                        "K4",
                        replaced(
                                Acquire.class,
                                acquire -> new Acquire(acquire.key(), 1, acquire.limit(), acquire.window()))),
                of(
                        "limiter-shared-by-keys",
                        "All keys share one limiter.",
                        "K4",
                        replaced(
                                Acquire.class,
                                acquire -> new Acquire("all", acquire.permits(), acquire.limit(), acquire.window()))),
                remembering(
                        "limiter-of-fixed-windows",
                        "A limiter starts over at each full window of the clock.",
                        "K4",
                        () -> {
                            Map<String, AtomicInteger> used = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                if (!(call.batch().mutations().get(0) instanceof Acquire acquire)) {
                                    return call.proceed();
                                }
                                long window = acquire.window().toMillis();
                                long now = System.currentTimeMillis();
                                AtomicInteger count = used.computeIfAbsent(
                                        call.batch().namespace() + acquire.key() + now / window,
                                        key -> new AtomicInteger());
                                int before = count.getAndUpdate(
                                        n -> n + acquire.permits() <= acquire.limit() ? n + acquire.permits() : n);
                                boolean allowed = before + acquire.permits() <= acquire.limit();
                                return call.pretended(new Permits(
                                        allowed,
                                        acquire.limit() - before - (allowed ? acquire.permits() : 0),
                                        allowed ? Duration.ZERO : Duration.ofMillis(window - now % window)));
                            });
                        }),
                remembering("limiter-refusals-consume", "A refusal takes the permits that were left.", "K4", () -> {
                    Map<String, Boolean> refused = new ConcurrentHashMap<>();
                    return in("apply", call -> {
                        WriteReceipt done = call.receipt();
                        if (!(call.batch().mutations().get(0) instanceof Acquire acquire)
                                || !(done.results().get(0) instanceof Permits permits)) {
                            return done;
                        }
                        String key = call.batch().namespace() + acquire.key();
                        if (!permits.allowed()) {
                            refused.put(key, true);
                        }
                        return refused.containsKey(key)
                                ? call.pretended(new Permits(false, 0, acquire.window()))
                                : done;
                    });
                }),
                of(
                        "limiter-remaining-before",
                        "The permits that remain are those before the call.",
                        "K4",
                        receipt((mutation, result) -> result instanceof Permits permits
                                        && permits.allowed()
                                        && mutation instanceof Acquire acquire
                                ? new Permits(true, permits.remaining() + acquire.permits(), Duration.ZERO)
                                : result)),
                of(
                        "limiter-retry-at-once",
                        "A refusal says that it is worth asking again at once.",
                        "K4",
                        permits(permits -> new Permits(permits.allowed(), permits.remaining(), Duration.ZERO))),
                of(
                        "limiter-window-in-seconds",
                        "Windows below a second do not end for a minute.",
                        "K4",
                        replaced(
                                Acquire.class,
                                acquire -> acquire.window().toMillis() < 200
                                        ? new Acquire(
                                                acquire.key(),
                                                acquire.permits(),
                                                acquire.limit(),
                                                Duration.ofMinutes(1))
                                        : acquire)),
                remembering(
                        "limiter-without-lock",
                        "A limiter counts the permits before, not within, the commit.",
                        "K4 G13",
                        () -> {
                            Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                if (!(call.batch().mutations().get(0) instanceof Acquire acquire)) {
                                    return call.proceed();
                                }
                                AtomicInteger others = running.computeIfAbsent(
                                        call.batch().namespace() + acquire.key(), key -> new AtomicInteger());
                                try {
                                    return others.incrementAndGet() == 1
                                            ? call.late().proceed()
                                            : call.pretended(new Permits(true, 0, Duration.ZERO));
                                } finally {
                                    others.decrementAndGet();
                                }
                            });
                        }));
    }
}
