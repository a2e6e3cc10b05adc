package io.contextdb.backend.redis;

import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Calls of the server, each until its own deadline. Thread-safe. */
interface Calls {
    /** Calls; {@code ifSent} is the outcome where the answer is lost. */
    <T> T call(
            String operation,
            Deadline deadline,
            Outcome ifSent,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command);

    /** Reads: a failure leaves nothing applied. */
    default <T> T read(
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        return call(operation, deadline, Outcome.NOT_APPLIED, command);
    }

    /** Writes: where the answer is lost, the outcome is unknown. */
    default <T> T write(
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        return call(operation, deadline, Outcome.UNKNOWN, command);
    }

    /** Sends a read without waiting for its answer; {@link #join} does. */
    <T> CompletableFuture<T> send(
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command);

    /** Waits for the answer to a read that was sent. */
    <T> T join(String operation, Deadline deadline, CompletableFuture<T> answer);

    /** Takes note that the server which has a key did not know a script: a node of a cluster may have been restarted. */
    void scriptUnknown(byte[] key, String operation, Deadline deadline);
}
