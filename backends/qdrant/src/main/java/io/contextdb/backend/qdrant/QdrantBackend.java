package io.contextdb.backend.qdrant;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Qdrant, open. Thread-safe. */
final class QdrantBackend implements Backend {
    /** A server takes requests of 32 MiB unless it is told otherwise; texts and properties stand in them nearly twice. */
    private static final Limits LIMITS = new Limits(1, 8 << 20, 1 << 20, 8 << 20, 65_535, 10_000);

    private final Link link;
    private final Tokens tokens = new Tokens();
    private final QdrantVectors vectors;
    private final PointWrites writes;
    private final QdrantNamespaces namespaces;
    private final QdrantProjection projection;
    private final BackendInfo info;

    QdrantBackend(Link link, Settings settings, Server server) {
        this.link = link;
        Names names = new Names(settings.prefix());
        KnownCollections collections = new KnownCollections(link, settings.layout());
        Registry registry = new Registry(link, names, collections);
        Spaces spaces = new Spaces(link, names, collections, registry);
        vectors = new QdrantVectors(link, names, registry, spaces, tokens);
        writes = new PointWrites(link, names, spaces, vectors);
        namespaces = new QdrantNamespaces(registry, spaces, vectors, tokens);
        projection = new QdrantProjection(link, names, collections, server);
        info = info(settings, server);
    }

    private static BackendInfo info(Settings settings, Server server) {
        return new BackendInfo(
                server.product(),
                server.version(),
                EnumSet.of(
                        Capability.VECTORS,
                        Capability.EXACT_SEARCH,
                        Capability.DOT_METRIC,
                        Capability.EUCLIDEAN_METRIC,
                        Capability.CRASH_SAFE),
                LIMITS,
                Atomicity.ENTITY,
                Idempotency.NATURAL,
                Map.of(
                        "tls",
                        settings.tls() ? "verified" : "off",
                        "fence",
                        server.keepsConditions() ? "by the server" : "versions are read before"));
    }

    @Override
    public BackendInfo info() {
        return info;
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        if (batch.mutations().size() != 1) {
            throw new UnsupportedCapabilityException("atomicity BATCH", info.product());
        }
        MutationResult result = writes.apply(batch.namespace(), batch.operationId(), vector(batch), deadline);
        CommitToken token = tokens.next();
        return new WriteReceipt(
                batch.operationId(), List.of(result), token, Instant.EPOCH.plus(token.commit(), ChronoUnit.MICROS));
    }

    private VectorMutation vector(WriteBatch batch) {
        Mutation mutation = batch.mutations().getFirst();
        if (mutation instanceof VectorMutation vector) {
            return vector;
        }
        throw new UnsupportedCapabilityException(mutation.requires().name(), info.product());
    }

    @Override
    public VectorReader vectors() {
        return vectors;
    }

    @Override
    public Optional<Projection> projection() {
        return Optional.of(projection);
    }

    @Override
    public NamespaceAdmin namespaces() {
        return namespaces;
    }

    @Override
    public Health health(Deadline deadline) {
        long start = System.nanoTime();
        try {
            Server server = Server.ask(link, deadline);
            return new Health(
                    Health.Status.UP, since(start), Map.of("product", server.product(), "version", server.version()));
        } catch (ContextException down) {
            return new Health(Health.Status.DOWN, since(start), Map.of("error", String.valueOf(down.getMessage())));
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void close() {
        link.close();
    }
}
