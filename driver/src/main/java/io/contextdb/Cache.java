package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Loads;
import io.contextdb.internal.call.Session;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.KeyMutation.PutKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A read-through cache in the keys of a namespace (contract K5). Of the threads of one data source that miss a key at once, one
 * loads and the others wait for it, each until its own deadline or its interruption. An invalidation outdates every load that
 * began before it, in every process: an entry is kept only if its key still has the version that was read before the load.
 * Thread-safe; one object serves many keys.
 *
 * <p>Keys are 1 byte to what the name of the cache leaves of 505 bytes of UTF-8. Values are 0 bytes to the store's limit, {@link
 * io.contextdb.spi.capability.Limits#valueBytes}; one of exactly the limit takes two keys of the store.
 */
public final class Cache {
    private static final String ENTRIES = "cache/";

    /** The last bytes of values that have as many as the store takes. */
    private static final String ENDS = "cache:";

    private final Session session;
    private final NamespaceName namespace;
    private final String name;
    private final Duration ttl;

    Cache(Session session, NamespaceName namespace, String name, Duration ttl) {
        Arguments.cacheName(name);
        Arguments.ttl("cache.ttl", ttl);
        this.session = session;
        this.namespace = namespace;
        this.name = name;
        this.ttl = ttl;
    }

    /**
     * Returns the value of a key, loaded if it is not there or was invalidated. What the loader throws is thrown to its caller as
     * it is, and nothing is kept. Who waits for another's load gets an exception of his own with that failure as its cause: one
     * of the same kind if it is one of contextdb's, else a {@link java.util.concurrent.CompletionException}.
     *
     * @param key the key
     * @param loader makes the value, and takes as long as it takes. It may get other keys, but none that waits for this one
     * @throws io.contextdb.spi.error.InvalidRequestException if the loader asks, directly or through other keys and threads that wait in this cache,
     *     for the key that it loads, or if it returns null or more than the store takes
     * @throws io.contextdb.spi.error.ContextTimeoutException if another caller's load did not end by this call's deadline, or
     *     the thread was interrupted
     */
    public Bytes get(String key, Function<? super String, Bytes> loader) {
        check(key, loader);
        Deadline deadline = session.deadline();
        return get(key, loader, deadline, read(key, deadline));
    }

    /**
     * Returns the value of a key, and if loading it fails for a transient reason, the value that was there before, be it
     * invalidated. A thread that was interrupted gets the failure.
     */
    public Bytes getOrStale(String key, Function<? super String, Bytes> loader) {
        check(key, loader);
        Deadline deadline = session.deadline();
        CachedValue before = read(key, deadline);
        try {
            return get(key, loader, deadline, before);
        } catch (ContextTransientException failed) {
            if (Thread.currentThread().isInterrupted()) {
                throw failed;
            }
            // What was read first, since a store that is down may be why loading failed; a value in two parts is asked
            // for anew.
            return value(key, before, session.deadline()).orElseThrow(() -> failed);
        }
    }

    /** Outdates a key: no read that begins after this returns gives an older value. */
    public void invalidate(String key) {
        check(key);
        Deadline deadline = session.deadline();
        CachedValue found = read(key, deadline);
        if (found.isWithoutEnd()) {
            session.until(deadline).apply(namespace, List.of(new KeyMutation.Expire(end(key), ttl)));
        }
        put(session.until(deadline), PutKey.of(entry(key), found.invalidated()));
    }

    private Bytes get(String key, Function<? super String, Bytes> loader, Deadline deadline, CachedValue first) {
        CachedValue found = first;
        while (true) {
            Optional<Bytes> value = fresh(key, found, deadline);
            if (value.isEmpty()) {
                value = load(key, found.version(), loader, deadline);
            }
            if (value.isPresent()) {
                return value.get();
            }
            // Whoever loaded gave up, for a reason that does not concern this caller.
            found = read(key, deadline);
        }
    }

    private Optional<Bytes> load(String key, long version, Function<? super String, Bytes> loader, Deadline deadline) {
        Loads loads = session.store().loads();
        try {
            return loads.once(
                    new Loads.Name(namespace, name, key),
                    version,
                    deadline,
                    () -> loadUnlessThere(key, loader, deadline));
        } catch (ContextException failed) {
            failed.locate(session.store().url().redacted(), namespace.value());
            throw failed;
        }
    }

    private Bytes loadUnlessThere(String key, Function<? super String, Bytes> loader, Deadline deadline) {
        long began = System.nanoTime();
        // A load of the same version may have ended between the first look and now.
        CachedValue before = read(key, deadline);
        Optional<Bytes> there = fresh(key, before, deadline);
        if (there.isPresent()) {
            return there.get();
        }
        Bytes value = Arguments.required("cache.loader's result", loader.apply(key));
        int most = session.info().limits().valueBytes();
        session.checkLimit("cache.loader's result", value.size(), most);
        // An invalidation of an absent key is forgotten when its time to live is over; so is what it outdated.
        boolean forgotten = before.version() == 0 && System.nanoTime() - began >= ttl.toNanos();
        if (!forgotten) {
            keep(key, before, value, value.size() == most);
        }
        return value;
    }

    /** Keeps a loaded value if nothing happened to its key meanwhile; else someone invalidated it, or loaded it too. */
    private void keep(String key, CachedValue before, Bytes value, boolean withoutEnd) {
        if (withoutEnd) {
            put(session, PutKey.of(end(key), CachedValue.end(value)));
        }
        Condition unchanged = before.version() == 0 ? Condition.absent() : Condition.version(before.version());
        put(session, PutKey.of(entry(key), CachedValue.fresh(value, withoutEnd)).onlyIf(unchanged.orSkip()));
    }

    private void put(Session by, PutKey put) {
        by.apply(namespace, List.of(put.expiringAfter(ttl)));
    }

    private CachedValue read(String key, Deadline deadline) {
        return new Keys(session.until(deadline), namespace)
                .get(entry(key))
                .map(CachedValue::of)
                .orElse(CachedValue.ABSENT);
    }

    private Optional<Bytes> fresh(String key, CachedValue found, Deadline deadline) {
        return found.isFresh() ? value(key, found, deadline) : Optional.empty();
    }

    private Optional<Bytes> value(String key, CachedValue found, Deadline deadline) {
        return found.isWithoutEnd()
                ? new Keys(session.until(deadline), namespace).get(end(key)).flatMap(end -> found.value(end.value()))
                : found.value();
    }

    private void check(String key, Function<? super String, Bytes> loader) {
        Arguments.required("cache.loader", loader);
        check(key);
    }

    private void check(String key) {
        Arguments.cacheKey(entry(""), key);
    }

    private String entry(String key) {
        return ENTRIES + name + "/" + key;
    }

    private String end(String key) {
        return ENDS + name + "/" + key;
    }
}
