package io.contextdb.backend.redis;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.ReadScope;
import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Wakes those who wait for events. Each batch that appends some says so on a channel of its namespace; one connection listens
 * for all, made when the first one waits. Messages may be lost, or the right to the channel be missing, so who waits also looks
 * by itself now and then. Thread-safe.
 */
final class EventSignal {
    private static final Duration LOOK = Duration.ofMillis(500);
    /** Channels that are listened to at a time; beyond, those without anyone waiting are left. */
    private static final int CHANNELS = 1_000;

    /** One channel: what is completed by its next message, and how many wait for it. */
    private static final class Channel {
        volatile CompletableFuture<Boolean> next = new CompletableFuture<>();
        int waiting;
    }

    private final Link link;
    private final Names names;
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable StatefulRedisPubSubConnection<String, String> connection;

    EventSignal(Link link, Names names) {
        this.link = link;
        this.names = names;
    }

    /** Waits until something is there, the deadline passes, or the thread is interrupted. */
    void await(ReadScope scope, BooleanSupplier there) {
        String name = names.appended(scope.namespace());
        Channel channel = enter(name);
        try {
            while (!scope.deadline().passed() && !Thread.currentThread().isInterrupted()) {
                CompletableFuture<Boolean> next = channel.next;
                if (there.getAsBoolean()) {
                    return;
                }
                sleep(next, scope.deadline());
            }
        } catch (ContextTimeoutException late) {
            // The deadline passed during a look; that is no error of a wait.
        } finally {
            leave(name);
        }
    }

    private static void sleep(CompletableFuture<Boolean> next, Deadline deadline) {
        try {
            next.get(Math.min(LOOK.toNanos(), deadline.remaining().toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException look) {
            // The caller looks.
        }
    }

    private Channel enter(String name) {
        boolean[] fresh = {false};
        Channel channel = channels.compute(name, (key, known) -> {
            Channel there = known == null ? new Channel() : known;
            fresh[0] = known == null;
            there.waiting++;
            return there;
        });
        if (fresh[0]) {
            listen(name);
        }
        return channel;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // messages are hints
    private void leave(String name) {
        channels.computeIfPresent(name, (key, channel) -> {
            channel.waiting--;
            boolean drop = channel.waiting == 0 && channels.size() > CHANNELS;
            StatefulRedisPubSubConnection<String, String> open = connection;
            if (drop && open != null) {
                open.async().unsubscribe(name);
            }
            return drop ? null : channel;
        });
    }

    /** Asks for the messages of a channel; if that fails, those who wait look by themselves. */
    @SuppressWarnings("FutureReturnValueIgnored") // messages are hints
    private void listen(String name) {
        try {
            connected().async().subscribe(name);
        } catch (RedisException | ContextException unheard) {
            channels.computeIfPresent(name, (key, channel) -> {
                // The next one who waits tries again.
                return channel.waiting > 1 ? channel : null;
            });
        }
    }

    private StatefulRedisPubSubConnection<String, String> connected() {
        StatefulRedisPubSubConnection<String, String> open = connection;
        if (open != null) {
            return open;
        }
        connecting.lock();
        try {
            open = connection;
            if (open == null) {
                open = link.connectForMessages();
                open.addListener(new RedisPubSubAdapter<>() {
                    @Override
                    public void message(String channel, String message) {
                        wake(channel);
                    }

                    @Override
                    public void subscribed(String channel, long count) {
                        wake(channel);
                    }
                });
                connection = open;
            }
            return open;
        } finally {
            connecting.unlock();
        }
    }

    private void wake(String name) {
        Channel channel = channels.get(name);
        if (channel != null) {
            CompletableFuture<Boolean> next = channel.next;
            channel.next = new CompletableFuture<>();
            next.complete(true);
        }
    }
}
