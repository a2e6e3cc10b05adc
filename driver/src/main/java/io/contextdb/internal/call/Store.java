package io.contextdb.internal.call;

import io.contextdb.ContextUrl;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextClosedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open backend with what all connections to it share. Thread-safe.
 */
public final class Store implements AutoCloseable {
    private final Backend backend;
    private final ContextUrl url;
    private final Duration timeout;
    private final MemoryConfig memory;
    private final CallObserver observer;
    private final Retry retry = new Retry();
    private final Loads loads = new Loads();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over an open backend: closing the store closes it. */
    public Store(Backend backend, ContextUrl url, Duration timeout, MemoryConfig memory, CallObserver observer) {
        this.backend = backend;
        this.url = url;
        this.timeout = timeout;
        this.memory = memory;
        this.observer = observer;
    }

    Backend backend() {
        return backend;
    }

    /** Returns the URL. */
    public ContextUrl url() {
        return url;
    }

    /** Returns how long a call may take where nothing is said. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns what memory works with. */
    public MemoryConfig memory() {
        return memory;
    }

    /** Returns the loads of caches that are under way. */
    public Loads loads() {
        return loads;
    }

    CallObserver observer() {
        return observer;
    }

    Retry retry() {
        return retry;
    }

    void checkOpen() {
        if (closed.get()) {
            throw new ContextClosedException("data source");
        }
    }

    /** Closes the backend; does nothing the second time. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            loads.close();
            backend.close();
        }
    }
}
