package io.contextdb.internal.call;

import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The loads of caches that are under way on a store. Of the threads that miss a key at once, one loads and the others wait for
 * it, each until its own deadline or its interruption (contract K5, G10). A thread that would wait for itself is told so.
 * Thread-safe.
 */
public final class Loads implements AutoCloseable {
    /** What is loaded: a key of a cache of a namespace. */
    public record Name(NamespaceName namespace, String cache, String key) {
        @Override
        public String toString() {
            return "key '" + key + "' of cache '" + cache + "'";
        }
    }

    /** A caller that came after an invalidation sees another version, and so begins a load of its own. */
    private record Version(Name name, long version) {}

    private record Own(Thread thread, Name name) {}

    private record Load(Name name, Thread loader, CompletableFuture<Bytes> result) {}

    /** How many waiting threads are looked through for one that waits for itself; more end by their deadlines. */
    private static final int LONGEST_RING = 1_000;

    private final ConcurrentMap<Version, Load> running = new ConcurrentHashMap<>();

    /** Which keys a thread is loading, whatever their versions. */
    private final Set<Own> owned = ConcurrentHashMap.newKeySet();

    private final ConcurrentMap<Thread, Load> waiting = new ConcurrentHashMap<>();

    /**
     * Loads, or waits for the caller that does. Returns empty if that caller gave up for a reason of its own, so that this one
     * should look again.
     *
     * @param version version of the key that was found not to be fresh; 0 if there was none
     * @param deadline until when to wait for another caller; the load itself takes as long as it takes
     * @throws InvalidRequestException if the load was asked for, directly or not, by itself
     * @throws ContextTimeoutException if the other load did not end in time, or this thread was interrupted
     */
    public Optional<Bytes> once(Name name, long version, Deadline deadline, Supplier<Bytes> load) {
        Thread me = Thread.currentThread();
        Own own = new Own(me, name);
        if (owned.contains(own)) {
            throw recursive(name);
        }
        Version key = new Version(name, version);
        Load mine = new Load(name, me, new CompletableFuture<>());
        Load other = running.putIfAbsent(key, mine);
        if (other != null) {
            return await(other, deadline);
        }
        owned.add(own);
        try {
            Bytes value = load.get();
            running.remove(key, mine);
            mine.result.complete(value);
            return Optional.of(value);
        } catch (Throwable failed) {
            // Also what Java does not let a loader declare, and other languages do: nobody may wait for a load that is
            // over.
            running.remove(key, mine);
            boolean ownReason = failed instanceof ContextClosedException || me.isInterrupted();
            mine.result.completeExceptionally(ownReason ? new GaveUp(failed) : failed);
            throw failed;
        } finally {
            owned.remove(own);
        }
    }

    private Optional<Bytes> await(Load other, Deadline deadline) {
        Thread me = Thread.currentThread();
        waiting.put(me, other);
        try {
            if (waitsForItself(other, me)) {
                throw recursive(other.name);
            }
            return Optional.of(other.result.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException interrupted) {
            me.interrupt();
            throw new ContextTimeoutException(
                    "cache: the thread was interrupted while another caller loaded " + other.name,
                    Outcome.NOT_APPLIED,
                    interrupted);
        } catch (TimeoutException late) {
            throw new ContextTimeoutException(
                    "cache: another caller's load of " + other.name + " did not end by the deadline",
                    Outcome.NOT_APPLIED,
                    late);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof GaveUp) {
                return Optional.empty();
            }
            throw OthersFailure.of("the load of " + other.name, failed.getCause());
        } finally {
            waiting.remove(me, other);
        }
    }

    /** Follows who waits for whom. Each has said so before it looks, so of a ring at least the last one sees it. */
    private boolean waitsForItself(Load first, Thread me) {
        Load next = first;
        for (int i = 0; next != null && i < LONGEST_RING; i++) {
            Load after = waiting.get(next.loader);
            // Looked at after the loader's next wait: a load that is over holds nobody up.
            if (next.result.isDone()) {
                return false;
            }
            if (next.loader.equals(me)) {
                return true;
            }
            next = after;
        }
        return false;
    }

    private static InvalidRequestException recursive(Name name) {
        return new InvalidRequestException(
                "cache.loader",
                "the load of " + name
                        + " asks for itself, directly or through other keys, and would wait for ever; a loader"
                        + " must not get what waits for it");
    }

    /** Lets everybody who waits look again, which tells them that the store is closed. */
    @Override
    public void close() {
        running.values().forEach(load -> load.result.completeExceptionally(new GaveUp(null)));
    }
}
