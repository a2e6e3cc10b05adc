package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Creates and drops spaces, and knows for a short while which there are, so that a search need not ask. Who drops a space waits as
 * long before its points go: no other process takes it for present then. Thread-safe.
 */
final class Spaces {
    /** How long an entry may be used after it was read. */
    private static final Duration LEASE = Duration.ofMillis(100);

    /** Clocks of two machines may run at speeds that differ. */
    private static final Duration LEASES_END = LEASE.plusMillis(20);

    private static final int MOST_KNOWN = 10_000;

    private final Link link;
    private final Names names;
    private final KnownCollections collections;
    private final Registry registry;
    private final Map<Name, Lease> leases = new ConcurrentHashMap<>();

    Spaces(Link link, Names names, KnownCollections collections, Registry registry) {
        this.link = link;
        this.names = names;
        this.collections = collections;
        this.registry = registry;
    }

    private record Name(NamespaceName namespace, String space) {}

    /**
     * A space that is there for certain until a moment.
     *
     * @param space what it is
     * @param key what its points carry
     * @param until moment on this machine's monotonic clock
     */
    record Lease(VectorSpace space, String key, long until) {
        boolean over() {
            return System.nanoTime() - until >= 0;
        }
    }

    /** Returns a space; one that is not there is an error that names it. */
    Lease get(NamespaceName namespace, String space, Deadline deadline) {
        Name name = new Name(namespace, space);
        Lease known = leases.get(name);
        if (known != null && !known.over()) {
            return known;
        }
        Lease read = look(namespace, space, deadline).orElse(null);
        if (read == null) {
            leases.remove(name);
            throw new InvalidRequestException(
                    ErrorCode.NOT_FOUND, "space", "namespace '" + namespace + "' has no vector space '" + space + "'");
        }
        if (leases.size() >= MOST_KNOWN) {
            leases.clear();
        }
        leases.put(name, read);
        return read;
    }

    private Optional<Lease> look(NamespaceName namespace, String space, Deadline deadline) {
        long asked = System.nanoTime();
        return registry.find(namespace, space, deadline)
                .filter(Registry.Entry::live)
                .map(entry -> new Lease(entry.space(), entry.key(), asked + LEASE.toNanos()));
    }

    /** Returns whether a space is still the one that it was; asks only if that is not certain. */
    boolean stays(NamespaceName namespace, Lease lease, Deadline deadline) {
        return !lease.over()
                || look(namespace, lease.space().name(), deadline)
                        .filter(now -> now.key().equals(lease.key()))
                        .isPresent();
    }

    /** Creates a space, or does nothing if the same is there. */
    void create(NamespaceName namespace, VectorSpace space, Deadline deadline) {
        Optional<Registry.Entry> there = registry.find(namespace, space.name(), deadline);
        if (there.isPresent() && !there.get().live()) {
            finish(namespace, there.get(), deadline);
            there = Optional.empty();
        }
        if (there.isEmpty()) {
            collections.ensure(names.points(space), Names.Shape.of(space), KnownCollections.Kind.POINTS, deadline);
            registry.enter(namespace, deadline);
            registry.enter(namespace, space, deadline);
            there = registry.find(namespace, space.name(), deadline);
            // Once more, since a drop of the namespace at the same time may have taken it away.
            registry.enter(namespace, deadline);
        }
        there.map(Registry.Entry::space).filter(found -> !found.equals(space)).ifPresent(other -> {
            throw new InvalidRequestException(
                    "space",
                    "'" + space.name() + "' exists with " + other.dimensions() + " dimensions, metric " + other.metric()
                            + " and model '" + other.model() + "'; a space is fixed once it is created");
        });
    }

    /** Drops a space with its points and returns whether this operation did. */
    boolean drop(NamespaceName namespace, String space, UUID operation, Deadline deadline) {
        Optional<Registry.Entry> there = registry.find(namespace, space, deadline);
        if (there.isEmpty()) {
            return false;
        }
        Registry.Entry entry = there.get();
        boolean ours = entry.live() || entry.droppedBy().equals(operation.toString());
        if (entry.live()) {
            registry.markDropped(namespace, entry, operation, deadline);
        }
        leases.remove(new Name(namespace, space));
        finish(namespace, entry, deadline);
        return ours;
    }

    private void finish(NamespaceName namespace, Registry.Entry entry, Deadline deadline) {
        await(deadline);
        link.write(
                "drop the points of a space",
                deadline,
                points -> points.delete(Requests.delete(
                        names.points(entry.space()), Conditions.all(Conditions.is(PointPayload.SPACE, entry.key())))));
        registry.remove(namespace, entry, deadline);
    }

    private static void await(Deadline deadline) {
        try {
            deadline.check("drop a space");
            TimeUnit.NANOSECONDS.sleep(LEASES_END.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException("drop a space: the thread was interrupted", Outcome.UNKNOWN, interrupted);
        }
    }
}
