package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.PointsGrpc;
import io.qdrant.client.grpc.QdrantGrpc;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Calls of the server: each with a deadline, none repeated, their errors those of contextdb. Thread-safe. */
final class Link implements AutoCloseable {
    private final Channels.Open open;
    private final ConnectionWatch connections = new ConnectionWatch();
    private final PointsGrpc.PointsBlockingStub points;
    private final CollectionsGrpc.CollectionsBlockingStub collections;
    private final QdrantGrpc.QdrantBlockingStub service;
    private final AtomicBoolean closed = new AtomicBoolean();

    Link(Channels.Open open) {
        this.open = open;
        Channel channel = ClientInterceptors.intercept(open.channel(), connections);
        points = PointsGrpc.newBlockingStub(channel).withCallCredentials(open.credentials());
        collections = CollectionsGrpc.newBlockingStub(channel).withCallCredentials(open.credentials());
        service = QdrantGrpc.newBlockingStub(channel).withCallCredentials(open.credentials());
    }

    /** Names the connection by which the last answer came. */
    String connection() {
        return connections.name();
    }

    /** Asks about points. */
    <T> T read(String operation, Deadline deadline, Function<PointsGrpc.PointsBlockingStub, T> call) {
        return call(operation, deadline, Outcome.NOT_APPLIED, points, call);
    }

    /** Changes points; if the answer is lost the outcome is unknown. */
    <T> T write(String operation, Deadline deadline, Function<PointsGrpc.PointsBlockingStub, T> call) {
        return call(operation, deadline, Outcome.UNKNOWN, points, call);
    }

    /** Asks about collections, or creates one, which does no harm if it is left behind. */
    <T> T collections(String operation, Deadline deadline, Function<CollectionsGrpc.CollectionsBlockingStub, T> call) {
        return call(operation, deadline, Outcome.NOT_APPLIED, collections, call);
    }

    /** Asks about the server. */
    <T> T service(String operation, Deadline deadline, Function<QdrantGrpc.QdrantBlockingStub, T> call) {
        return call(operation, deadline, Outcome.NOT_APPLIED, service, call);
    }

    private <S extends AbstractStub<S>, T> T call(
            String operation, Deadline deadline, Outcome ifSent, S stub, Function<S, T> call) {
        checkOpen();
        deadline.check(operation);
        try {
            return call.apply(
                    stub.withDeadlineAfter(Math.max(1, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS));
        } catch (StatusRuntimeException failed) {
            checkOpen();
            if (failed.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                // Else the next calls fail without a try, for longer and longer.
                open.reconnect().run();
            }
            throw QdrantErrors.of(operation, failed, ifSent);
        }
    }

    /** Throws if the store was closed. */
    void checkOpen() {
        if (closed.get()) {
            throw new ContextClosedException("the Qdrant store");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            open.close().run();
        }
    }
}
