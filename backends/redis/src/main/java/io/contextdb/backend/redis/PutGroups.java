package io.contextdb.backend.redis;

import static io.contextdb.backend.redis.Names.bytes;

import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.WriteBatch;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Batches that are one plain put each. Those that come while a call for their namespace is under way wait for its end
 * and then share the next, each with its own operation, commit and outcome. Thread-safe.
 */
final class PutGroups {
    /**
     * So many that wait make another call beside those under way, so that none has more. Fewer wait for the end of one: each call is a
     * turn of the server, and a turn is a write to the disk that is waited for; but while it works on one call, callers see to the next.
     */
    private static final int ENOUGH = 24;

    /** A call keeps all others from the server for so many bytes at most, but for a put that has more alone. */
    private static final int MOST_BYTES = 1 << 20;

    private static final byte[] NONE = {};

    private final Names names;
    private final boolean remembers;

    /** Where calls are under way. Guarded by the lock, which nobody holds while a call is sent. */
    private final Map<Place, Lane> lanes = new HashMap<>();

    private final Lock lock = new ReentrantLock();

    PutGroups(Names names, boolean remembers) {
        this.names = names;
        this.remembers = remembers;
    }

    /**
     * What became of a put.
     *
     * @param commit its number; 0 if nothing was done because the put is none of the usual
     * @param version of the key
     */
    record Put(long commit, long version) {
        private static final Put NOTHING = new Put(0, 0);

        boolean isDone() {
            return commit != 0;
        }
    }

    /** A namespace as it is reached by one connection, which leads to one life of a server only. */
    private record Place(RedisClusterAsyncCommands<byte[], byte[]> commands, NamespaceName namespace) {}

    /** A caller's put, and what will become of it. */
    private static final class Waiting extends CompletableFuture<Put> {
        private final byte[][] arguments;

        Waiting(byte[]... arguments) {
            this.arguments = arguments;
        }

        int size() {
            return arguments[3].length;
        }
    }

    /** The puts of a place that wait, and how many calls are under way. Guarded by the lock. */
    private static final class Lane {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int calls;

        /** Takes what the next call is to carry; nothing if it is not its time. */
        List<Waiting> next() {
            if (waiting.isEmpty() || (calls > 0 && waiting.size() < ENOUGH)) {
                return List.of();
            }
            List<Waiting> group = new ArrayList<>();
            int bytes = 0;
            Waiting first = waiting.peek();
            while (first != null && (bytes == 0 || bytes + first.size() <= MOST_BYTES)) {
                waiting.remove();
                // Whose deadline has passed is gone.
                if (!first.isDone()) {
                    group.add(first);
                    bytes += first.size();
                }
                first = waiting.peek();
            }
            calls += group.isEmpty() ? 0 : 1;
            return group;
        }
    }

    /** Puts, alone or together with others. */
    Put put(Calls calls, WriteBatch batch, PutKey put, Deadline deadline) {
        byte[] operation = remembers ? OperationIds.write(batch.operationId()) : NONE;
        byte[] digest = remembers ? batch.digest().toArray() : NONE;
        byte[] ttl = put.ttl().map(time -> bytes(time.toMillis())).orElse(NONE);
        byte[] key = bytes(put.key());
        byte[] value = put.value().toArray();
        return calls.write("put", deadline, commands -> {
            Waiting waiting = new Waiting(operation, digest, key, value, ttl);
            add(new Place(commands, batch.namespace()), waiting);
            return waiting;
        });
    }

    private void add(Place place, Waiting put) {
        Lane lane;
        List<Waiting> group;
        lock.lock();
        try {
            lane = lanes.computeIfAbsent(place, any -> new Lane());
            lane.waiting.add(put);
            group = lane.next();
        } finally {
            lock.unlock();
        }
        send(place, lane, group);
    }

    /** Returns what is to follow a call that has ended. */
    private List<Waiting> ended(Place place, Lane lane) {
        lock.lock();
        try {
            lane.calls--;
            List<Waiting> group = lane.next();
            if (lane.calls == 0) {
                lanes.remove(place);
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void send(Place place, Lane lane, List<Waiting> group) {
        if (group.isEmpty()) {
            return;
        }
        List<byte[]> arguments = new ArrayList<>(1 + 5 * group.size());
        arguments.add(bytes(BatchArguments.REMEMBERED_MILLIS));
        group.forEach(waiting -> Collections.addAll(arguments, waiting.arguments));
        Script.PUTS
                .send(place.commands(), names.root(place.namespace()), arguments.toArray(byte[][]::new))
                .whenComplete((answer, error) -> {
                    // In this order: who has his answer may well have the next put for the call that follows.
                    try {
                        settle(group, answer, error);
                    } finally {
                        send(place, lane, ended(place, lane));
                    }
                });
    }

    private static void settle(List<Waiting> group, @Nullable List<Object> answer, @Nullable Throwable error) {
        for (int i = 0; i < group.size(); i++) {
            if (error != null) {
                group.get(i).completeExceptionally(Script.cause(error));
            } else if (answer == null || answer.isEmpty()) {
                group.get(i).complete(Put.NOTHING);
            } else {
                group.get(i).complete(new Put((Long) answer.get(2 * i), (Long) answer.get(2 * i + 1)));
            }
        }
    }
}
