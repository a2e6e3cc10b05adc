package io.contextdb.tck.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Cache;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Callers of a read-through cache that wait for the load of another, or for themselves. */
@Needs(Capability.KEYS)
public abstract class CacheWaitSuite {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Bytes VALUE = Bytes.utf8("v");

    /** Seconds after which something that should have come does not come any more. */
    private static final long PATIENCE = 60;

    @Test
    @Proves({"K5", "G10"})
    void aLoadThatAsksForItselfIsRefusedAtOnce(Kit kit) {
        Namespace namespace = kit.namespace();
        Cache cache = namespace.cache("c", MINUTE);
        Cache same = namespace.cache("c", MINUTE);
        Cache other = namespace.cache("other", MINUTE);

        recursive(() -> cache.get("k", a -> cache.get("k", b -> VALUE)));
        recursive(() -> cache.get("k", a -> same.get("k", b -> VALUE)));
        recursive(() -> cache.get("k", a -> cache.get("l", b -> cache.get("k", c -> VALUE))));
        recursive(() -> cache.get("k", a -> other.get("k", b -> cache.get("k", c -> VALUE))));
        recursive(() -> cache.get("k", a -> {
            cache.invalidate("k");
            return cache.get("k", b -> VALUE);
        }));

        // Nothing of it stays, and what does not wait for itself is loaded.
        assertThat(cache.get("k", a -> other.get("k", b -> cache.get("l", c -> VALUE))))
                .isEqualTo(VALUE);
    }

    private static void recursive(Supplier<Bytes> call) {
        assertThatThrownBy(call::get)
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.field()).isEqualTo("cache.loader"))
                .hasMessageContaining("'k'");
    }

    @Test
    @Proves({"K5", "G10"})
    void aRingOfThreadsThatWaitForEachOtherIsRefusedAtOnce(Kit kit) {
        Cache cache = kit.connection()
                .withTimeout(Duration.ofMinutes(5))
                .namespace(kit.name())
                .cache("c", MINUTE);
        CyclicBarrier begun = new CyclicBarrier(3);

        List<String> ends = kit.together(3, i -> {
            try {
                cache.get("k" + i, a -> {
                    meet(begun);
                    return cache.get("k" + (i + 1) % 3, b -> VALUE);
                });
                return "loaded";
            } catch (InvalidRequestException refused) {
                return refused.field();
            }
        });

        assertThat(ends).containsOnly("cache.loader");
    }

    @Test
    @Proves({"K5", "G10"})
    void aLoadThatAsksForItselfByAnotherThreadEndsByTheDeadline(Kit kit) {
        Cache cache = kit.connection()
                .withTimeout(Duration.ofMillis(300))
                .namespace(kit.name())
                .cache("c", MINUTE);

        assertThatThrownBy(() -> cache.get(
                        "k",
                        a -> CompletableFuture.supplyAsync(() -> cache.get("k", b -> VALUE))
                                .join()))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ContextTimeoutException.class);
        assertThat(cache.get("k", a -> VALUE)).isEqualTo(VALUE);
    }

    @Test
    @Proves({"K5", "G10"})
    void whoWaitsForAnotherEndsByTheDeadlineOrByAnInterruption(Kit kit) {
        Namespace namespace = kit.namespace();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CompletableFuture<Bytes> loader =
                CompletableFuture.supplyAsync(() -> namespace.cache("c", MINUTE).get("k", key -> {
                    loading.countDown();
                    meet(ended);
                    return VALUE;
                }));
        begun(loading, loader);

        Cache hurried = kit.connection()
                .withTimeout(Duration.ofMillis(300))
                .namespace(namespace.name())
                .cache("c", MINUTE);
        assertThatThrownBy(() -> hurried.get("k", key -> VALUE))
                .isInstanceOf(ContextTimeoutException.class)
                .hasMessageContaining("'k'")
                .hasMessageContaining(namespace.name());

        Cache patient = kit.connection()
                .withTimeout(Duration.ofMinutes(5))
                .namespace(namespace.name())
                .cache("c", MINUTE);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                patient.get("k", key -> VALUE);
            } catch (RuntimeException failed) {
                flag.complete(Thread.currentThread().isInterrupted());
                failure.complete(failed);
            }
        });
        kit.await("the other caller waits", () -> waits(waiter));
        waiter.interrupt();
        assertThat(failure.orTimeout(PATIENCE, TimeUnit.SECONDS).join()).isInstanceOf(ContextTimeoutException.class);
        assertThat(flag.join()).isTrue();

        ended.countDown();
        assertThat(loader.orTimeout(PATIENCE, TimeUnit.SECONDS).join()).isEqualTo(VALUE);
    }

    @Test
    @Proves("K5")
    void eachWaiterGetsAFailureOfItsOwn(Kit kit) {
        ContextThrottledException known = new ContextThrottledException("busy");
        InvalidRequestException refused = new InvalidRequestException("source.id", "is unknown");
        IllegalStateException foreign = new IllegalStateException("broken");
        StackOverflowError error = new StackOverflowError();

        assertThat(failures(kit, known))
                .satisfiesExactly(
                        own -> assertThat(own).isSameAs(known),
                        other -> assertThat(other)
                                .isInstanceOf(ContextThrottledException.class)
                                .hasCause(known));
        assertThat(failures(kit, refused))
                .satisfiesExactly(
                        own -> assertThat(own).isSameAs(refused),
                        other -> assertThat(other)
                                .isInstanceOfSatisfying(
                                        InvalidRequestException.class,
                                        e -> assertThat(e.field()).isEqualTo("source.id"))
                                .hasCause(refused));
        assertThat(failures(kit, foreign))
                .satisfiesExactly(
                        own -> assertThat(own).isSameAs(foreign),
                        other -> assertThat(other)
                                .isInstanceOf(CompletionException.class)
                                .hasCause(foreign));
        assertThat(failures(kit, error))
                .satisfiesExactly(
                        own -> assertThat(own).isSameAs(error),
                        other -> assertThat(other)
                                .isInstanceOf(CompletionException.class)
                                .hasCause(error));
    }

    /** Returns what the caller whose loader fails gets, and what one gets who waits for it. */
    private static List<Throwable> failures(Kit kit, Throwable failure) {
        Cache cache = kit.namespace().cache("c", MINUTE);
        CountDownLatch loading = new CountDownLatch(1);
        CompletableFuture<Thread> waiter = new CompletableFuture<>();
        CompletableFuture<Throwable> first = thrown(() -> cache.get("k", key -> {
            loading.countDown();
            Thread other = waiter.orTimeout(PATIENCE, TimeUnit.SECONDS).join();
            kit.await("the other caller waits", () -> waits(other));
            throw CacheWaitSuite.<RuntimeException>sneaked(failure);
        }));
        begun(loading, first);
        CompletableFuture<Throwable> second = thrown(() -> {
            waiter.complete(Thread.currentThread());
            return cache.get("k", key -> VALUE);
        });
        return List.of(
                first.orTimeout(PATIENCE, TimeUnit.SECONDS).join(),
                second.orTimeout(PATIENCE, TimeUnit.SECONDS).join());
    }

    @Test
    @Proves("K5")
    void whoseLoaderIsInterruptedDoesNotFailTheOthers(Kit kit) {
        Cache cache = kit.namespace().cache("c", MINUTE);
        CountDownLatch loading = new CountDownLatch(1);
        CompletableFuture<Thread> loader = new CompletableFuture<>();
        CompletableFuture<Throwable> interrupted = thrown(() -> {
            loader.complete(Thread.currentThread());
            return cache.get("k", key -> {
                loading.countDown();
                meet(new CountDownLatch(1));
                return VALUE;
            });
        });
        begun(loading, interrupted);
        CompletableFuture<Bytes> other = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> other.complete(cache.get("k", key -> Bytes.utf8("w"))));
        kit.await("the other caller waits", () -> waits(waiter));
        loader.join().interrupt();

        assertThat(other.orTimeout(PATIENCE, TimeUnit.SECONDS).join()).isEqualTo(Bytes.utf8("w"));
        assertThat(interrupted.orTimeout(PATIENCE, TimeUnit.SECONDS).join()).isInstanceOf(IllegalStateException.class);
    }

    /** Returns whether a thread waits for a load of another, and not for the store. */
    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING
                && Stream.of(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals("io.contextdb.internal.call.Loads")
                                && frame.getMethodName().equals("await"));
    }

    private static CompletableFuture<Throwable> thrown(Supplier<Bytes> call) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                thrown.completeExceptionally(new AssertionError("returned " + call.get()));
            } catch (Throwable failed) {
                thrown.complete(failed);
            }
        });
        return thrown;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E sneaked(Throwable failure) throws E {
        throw (E) failure;
    }

    /** Waits until a load has begun, or until its call has ended without one, where the store does not serve. */
    private static void begun(CountDownLatch loading, CompletableFuture<?> call) {
        CompletableFuture<?> counted = call.whenComplete((value, failure) -> loading.countDown());
        meet(loading);
        assertThat(counted).as("the load still waits").isNotDone();
    }

    private static void meet(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came within " + PATIENCE + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(PATIENCE, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new IllegalStateException("not all came", broken);
        }
    }
}
