package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Session;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation.PutKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * A read-through cache in the keys of a namespace (contract K5). Of the threads of one process that miss a key at once, one
 * loads and the others wait for it. An invalidation outdates every load that began before it, in every process: an entry is
 * kept only if its key still has the version that was read before the load. A key is 1 byte to what the name of the cache
 * leaves of 505 bytes in UTF-8. Thread-safe; one object serves many keys.
 */
public final class Cache {
    private final Session session;
    private final NamespaceName namespace;
    private final Keys keys;
    private final String prefix;
    private final Duration ttl;
    private final ConcurrentMap<String, CompletableFuture<Bytes>> loading = new ConcurrentHashMap<>();

    Cache(Session session, NamespaceName namespace, Keys keys, String name, Duration ttl) {
        Arguments.cacheName(name);
        Arguments.ttl("cache.ttl", ttl);
        this.session = session;
        this.namespace = namespace;
        this.keys = keys;
        this.prefix = "cache/" + name + "/";
        this.ttl = ttl;
    }

    /**
     * Returns the value of a key, loaded if it is not there or was invalidated. What the loader throws is thrown to every
     * caller that waits for it, and nothing is kept.
     */
    public Bytes get(String key, Function<? super String, Bytes> loader) {
        Arguments.required("cache.loader", loader);
        Optional<KeyEntry> entry = keys.get(Arguments.cacheKey(prefix, key));
        if (entry.isPresent() && fresh(entry.get())) {
            return payload(entry.get());
        }
        CompletableFuture<Bytes> mine = new CompletableFuture<>();
        // The version is part of the name, so that a caller who came after an invalidation starts a load of its own.
        String load = key + "@" + entry.map(KeyEntry::version).orElse(0L);
        CompletableFuture<Bytes> other = loading.putIfAbsent(load, mine);
        if (other != null) {
            return await(other);
        }
        try {
            // A load of the same version may have ended between the read above and now.
            Optional<KeyEntry> latest = keys.get(prefix + key);
            Bytes value = latest.filter(Cache::fresh).map(Cache::payload).orElseGet(() -> load(key, latest, loader));
            mine.complete(value);
            return value;
        } catch (RuntimeException | Error failed) {
            mine.completeExceptionally(failed);
            throw failed;
        } finally {
            loading.remove(load, mine);
        }
    }

    /**
     * Returns the value of a key, and if loading it fails for a transient reason, the value that was there before, be it
     * invalidated.
     */
    public Bytes getOrStale(String key, Function<? super String, Bytes> loader) {
        try {
            return get(key, loader);
        } catch (ContextTransientException failed) {
            return keys.get(prefix + key).map(Cache::payload).orElseThrow(() -> failed);
        }
    }

    /** Outdates a key: no read that begins after this returns gives an older value. */
    public void invalidate(String key) {
        Bytes stale =
                keys.get(Arguments.cacheKey(prefix, key)).map(Cache::payload).orElse(Bytes.EMPTY);
        keys.put(prefix + key, tagged(STALE, stale), ttl);
    }

    private static final byte FRESH = 1;
    private static final byte STALE = 0;

    private Bytes load(String key, Optional<KeyEntry> before, Function<? super String, Bytes> loader) {
        Bytes value = Arguments.required("cache.loader's result", loader.apply(key));
        keep(key, before, value);
        return value;
    }

    /** Keeps a loaded value if nothing happened to its key meanwhile; else someone invalidated it, or loaded it too. */
    private void keep(String key, Optional<KeyEntry> before, Bytes value) {
        Condition unchanged = before.map(entry -> Condition.version(entry.version()))
                .orElse(Condition.absent())
                .orSkip();
        session.apply(
                namespace,
                List.of(PutKey.of(prefix + key, tagged(FRESH, value))
                        .expiringAfter(ttl)
                        .onlyIf(unchanged)));
    }

    private static Bytes await(CompletableFuture<Bytes> other) {
        try {
            return other.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof ContextException same) {
                throw same;
            }
            throw failed;
        }
    }

    private static boolean fresh(KeyEntry entry) {
        return entry.value().size() > 0 && entry.value().toArray()[0] == FRESH;
    }

    private static Bytes tagged(byte state, Bytes value) {
        byte[] tagged = new byte[value.size() + 1];
        tagged[0] = state;
        System.arraycopy(value.toArray(), 0, tagged, 1, value.size());
        return Bytes.of(tagged);
    }

    private static Bytes payload(KeyEntry entry) {
        byte[] tagged = entry.value().toArray();
        return tagged.length == 0 ? Bytes.EMPTY : Bytes.of(java.util.Arrays.copyOfRange(tagged, 1, tagged.length));
    }
}
