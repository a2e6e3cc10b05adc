package io.contextdb.tck;

import io.contextdb.ContextConnection;
import io.contextdb.Namespace;
import io.contextdb.memory.Memory;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.spi.Backend;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.journal.Projection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** What a test of the kit works with: a connection, namespaces of its own, and a seed that a failure shows. */
public final class Kit {
    /** How long {@link #await} waits where {@code contextdb.tck.patience} says nothing else. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final OpenedStore store;
    private final ContextConnection connection;
    private final String url;
    private final Optional<NetworkStore> network;
    private final long seed;
    private final Random random;
    private final Supplier<String> names;
    private final Duration patience;

    Kit(
            OpenedStore store,
            ContextConnection connection,
            String url,
            Optional<NetworkStore> network,
            long seed,
            Supplier<String> names,
            Duration patience) {
        this.patience = patience;
        this.store = store;
        this.connection = connection;
        this.url = url;
        this.network = network;
        this.seed = seed;
        this.random = new Random(seed);
        this.names = names;
    }

    /** Returns the URL under test. */
    public String url() {
        return url;
    }

    /** Returns where the store listens; for tests that need a network address. */
    public NetworkStore network() {
        return network.orElseThrow(() -> new IllegalStateException("the test does not say that it needs a network"));
    }

    /** Returns the connection that the tests of a class share. */
    public ContextConnection connection() {
        return connection;
    }

    /** Returns a further connection to the same store, which the test closes. */
    public ContextConnection another() {
        return store.source().getConnection();
    }

    /** Returns the backend under the connections; for what lies between stores, and is not for applications. */
    public Backend backend() {
        return store.backend();
    }

    /** Returns the copy of another store's vectors that the store can keep, which the driver shows to nobody. */
    public Projection projection() {
        return backend()
                .projection()
                .orElseThrow(() -> new IllegalStateException("the test does not say that it needs a projection"));
    }

    /** Returns what the backend declares. */
    public BackendInfo info() {
        return connection.info().backend();
    }

    /** Returns whether the log has the clock of everything else, so that its events have the time of their batch (E4). */
    public boolean eventsHaveTheTimeOfTheirBatch() {
        return !info().details().containsKey("events");
    }

    /** Returns whether the scores of a text search count texts for a while that are gone (V7); a backend says so by {@code removedTexts}. */
    public boolean removedTextsCount() {
        return info().details().containsKey("removedTexts");
    }

    /** Returns a namespace that no other test uses. */
    public Namespace namespace() {
        return connection.namespace(name());
    }

    /** Returns the name of a namespace that no other test uses; it, and all whose names hold it, are dropped at the end. */
    public String name() {
        return names.get();
    }

    /** Returns the memory of a namespace. */
    public Memory memory(Namespace namespace, MemoryConfig config) {
        return new Memory(namespace, config);
    }

    /** Returns the seed, which a failure shows and {@code -Dcontextdb.seed} sets. */
    public long seed() {
        return seed;
    }

    /** Returns numbers that follow from the seed. */
    public Random random() {
        return random;
    }

    /** Waits for a condition, up to 20 seconds or what the parameter {@code contextdb.tck.patience} says: {@code PT5S}. */
    public void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited " + patience + " in vain until " + what);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", interrupted);
        }
    }

    /** Runs something on several threads at once and returns what each returned; the first failure is thrown. */
    public <T> List<T> together(int threads, IntFunction<T> work) {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Callable<T>> tasks = new ArrayList<>();
            CyclicBarrier start = new CyclicBarrier(threads);
            for (int i = 0; i < threads; i++) {
                int index = i;
                tasks.add(() -> {
                    start.await();
                    return work.apply(index);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", interrupted);
        } catch (java.util.concurrent.ExecutionException failed) {
            throw new AssertionError("one of " + threads + " threads failed", failed.getCause());
        }
    }
}
