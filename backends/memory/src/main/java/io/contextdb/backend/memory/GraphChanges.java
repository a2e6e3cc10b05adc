package io.contextdb.backend.memory;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.time.Instant;
import java.util.Collections;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Changes of the graph within one batch (contract N). Not thread-safe. */
final class GraphChanges {
    private TreePMap<UUID, Chain<Node>> nodes;
    private TreePMap<UUID, Instant> erased;
    private TreePMap<Instant, TreePMap<UUID, Instant>> formerlyErased;
    private long nodeVersions;
    private TreePMap<UUID, Chain<Edge>> edges;
    private HashPMap<UUID, TreePSet<UUID>> outgoing;
    private HashPMap<UUID, TreePSet<UUID>> incoming;
    private HashPMap<String, TreePSet<UUID>> fingerprints;
    private TreePMap<String, Source> sources;

    GraphChanges(GraphState before) {
        nodes = before.nodes();
        erased = before.erased();
        formerlyErased = before.formerlyErased();
        nodeVersions = before.nodeVersions();
        edges = before.edges();
        outgoing = before.outgoing();
        incoming = before.incoming();
        fingerprints = before.fingerprints();
        sources = before.sources();
    }

    GraphState state() {
        return new GraphState(
                nodes, erased, formerlyErased, nodeVersions, edges, outgoing, incoming, fingerprints, sources);
    }

    MutationResult apply(GraphMutation mutation, Step step) {
        return switch (mutation) {
            case GraphMutation.PutNode put -> put(put, step);
            case GraphMutation.RetractNode retract -> retract(retract, step);
            case GraphMutation.PutEdge put -> put(put, step);
            case GraphMutation.RetractEdge retract -> retract(retract, step);
            case GraphMutation.PutSource put -> {
                Source old = source(put.externalId());
                yield put(new Source(put.externalId(), put.labels(), put.properties(), old.alpha(), old.beta()));
            }
            case GraphMutation.AddEvidence add -> {
                Source old = source(add.externalId());
                yield put(new Source(
                        old.externalId(),
                        old.labels(),
                        old.properties(),
                        old.alpha() + add.alpha(),
                        old.beta() + add.beta()));
            }
            case GraphMutation.Erase erase -> {
                long there = 0;
                for (UUID id : erase.ids()) {
                    there += erase(id, step) ? 1 : 0;
                }
                yield new MutationResult.Removed(there);
            }
        };
    }

    private MutationResult put(GraphMutation.PutNode put, Step step) {
        UUID id = put.draft().id();
        if (wasErased(id)) {
            throw new InvalidRequestException("node.id", id + " was erased and cannot be written again");
        }
        Chain<Node> chain = nodes.get(id);
        long current = chain == null ? 0 : chain.current().version();
        if (!step.admits(put.condition(), current, "node " + id)) {
            return new MutationResult.Skipped(current);
        }
        String fingerprint = put.draft().content().fingerprint();
        if (put.fingerprints() != GraphMutation.Fingerprints.SHARED && !fingerprint.isEmpty()) {
            Node holder = holder(fingerprint, id, step.time());
            if (holder != null && put.fingerprints() == GraphMutation.Fingerprints.UNIQUE_OR_EXISTING) {
                return new MutationResult.Existing(holder.id(), holder.version());
            }
            if (holder != null) {
                throw new PreconditionFailedException(
                        step.index(),
                        "node " + holder.id() + " carries the fingerprint already",
                        holder.version(),
                        holder.id());
            }
        }
        Revision revision =
                new Revision(current + 1, put.draft().validityAt(step.time()), Interval.from(step.time()), "");
        return append(chain, new Node(id, put.draft().content(), revision));
    }

    private boolean wasErased(UUID id) {
        return erased.containsKey(id) || formerlyErased.values().stream().anyMatch(life -> life.containsKey(id));
    }

    /** Forgets what was erased in lives of the namespace that were dropped so long ago that nothing of them is on its way. */
    void sweep(Instant now) {
        while (!formerlyErased.isEmpty() && formerlyErased.firstKey().isBefore(now)) {
            formerlyErased = formerlyErased.minus(formerlyErased.firstKey());
        }
    }

    private @Nullable Node holder(String fingerprint, UUID except, Instant time) {
        for (UUID id : fingerprints.getOrDefault(fingerprint, GraphState.NO_IDS)) {
            Chain<Node> chain = nodes.get(id);
            if (chain != null
                    && !id.equals(except)
                    && chain.current().validity().contains(time)) {
                return chain.current();
            }
        }
        return null;
    }

    private MutationResult append(@Nullable Chain<Node> chain, Node next) {
        if (chain == null) {
            nodes = nodes.plus(next.id(), Chain.of(next));
        } else {
            Node old = chain.current();
            fingerprints = without(fingerprints, old.content().fingerprint(), old.id());
            Instant time = next.revision().transaction().from();
            nodes = nodes.plus(
                    next.id(),
                    chain.append(
                            new Node(old.id(), old.content(), old.revision().supersededAt(time)), next));
        }
        String fingerprint = next.content().fingerprint();
        if (!fingerprint.isEmpty()) {
            fingerprints = with(fingerprints, fingerprint, next.id());
        }
        nodeVersions++;
        return new MutationResult.Written(next.version());
    }

    private MutationResult retract(GraphMutation.RetractNode retract, Step step) {
        Chain<Node> chain = nodes.get(retract.id());
        long current = chain == null ? 0 : chain.current().version();
        if (!step.admits(retract.condition(), current, "node " + retract.id())) {
            return new MutationResult.Skipped(current);
        }
        if (chain == null) {
            throw absent("retractNode.id", "node", retract.id());
        }
        Node old = chain.current();
        return append(chain, new Node(old.id(), old.content(), retracted(old.revision(), retract.reason(), step)));
    }

    /** A validity that has ended already stays as it is: to end it now would make it longer. */
    private static Revision retracted(Revision old, String reason, Step step) {
        Interval validity =
                old.validity().to().isAfter(step.time()) ? old.validity().endingAt(step.time()) : old.validity();
        return new Revision(old.version() + 1, validity, Interval.from(step.time()), reason);
    }

    private MutationResult put(GraphMutation.PutEdge put, Step step) {
        UUID id = put.draft().id();
        EdgeContent content = put.draft().content();
        Chain<Edge> chain = edges.get(id);
        long current = chain == null ? 0 : chain.current().version();
        if (!step.admits(put.condition(), current, "edge " + id)) {
            return new MutationResult.Skipped(current);
        }
        requireNode("edge.from", content.from());
        requireNode("edge.to", content.to());
        if (chain != null
                && !(chain.current().from().equals(content.from())
                        && chain.current().to().equals(content.to()))) {
            throw new InvalidRequestException("edge", id + " has other end points; they never change");
        }
        Revision revision =
                new Revision(current + 1, put.draft().validityAt(step.time()), Interval.from(step.time()), "");
        return append(chain, new Edge(id, content, revision));
    }

    private void requireNode(String field, UUID id) {
        if (!nodes.containsKey(id)) {
            throw absent(field, "node", id);
        }
    }

    private MutationResult append(@Nullable Chain<Edge> chain, Edge next) {
        if (chain == null) {
            edges = edges.plus(next.id(), Chain.of(next));
            outgoing = with(outgoing, next.from(), next.id());
            incoming = with(incoming, next.to(), next.id());
        } else {
            Edge old = chain.current();
            Instant time = next.revision().transaction().from();
            edges = edges.plus(
                    next.id(),
                    chain.append(
                            new Edge(old.id(), old.content(), old.revision().supersededAt(time)), next));
        }
        return new MutationResult.Written(next.version());
    }

    private MutationResult retract(GraphMutation.RetractEdge retract, Step step) {
        Chain<Edge> chain = edges.get(retract.id());
        long current = chain == null ? 0 : chain.current().version();
        if (!step.admits(retract.condition(), current, "edge " + retract.id())) {
            return new MutationResult.Skipped(current);
        }
        if (chain == null) {
            throw absent("retractEdge.id", "edge", retract.id());
        }
        Edge old = chain.current();
        return append(chain, new Edge(old.id(), old.content(), retracted(old.revision(), retract.reason(), step)));
    }

    private Source source(String externalId) {
        Source old = sources.get(externalId);
        return old != null ? old : new Source(externalId, Collections.emptySortedSet(), PropertyMap.empty(), 1, 1);
    }

    private MutationResult put(Source source) {
        sources = sources.plus(source.externalId(), source);
        return new MutationResult.Done();
    }

    private boolean erase(UUID id, Step step) {
        Chain<Node> chain = nodes.get(id);
        if (chain == null) {
            return false;
        }
        outgoing.getOrDefault(id, GraphState.NO_IDS).forEach(this::removeEdge);
        incoming.getOrDefault(id, GraphState.NO_IDS).forEach(this::removeEdge);
        fingerprints = without(fingerprints, chain.current().content().fingerprint(), id);
        nodeVersions -= chain.size();
        nodes = nodes.minus(id);
        erased = erased.plus(id, step.time());
        return true;
    }

    private void removeEdge(UUID id) {
        Chain<Edge> chain = edges.get(id);
        if (chain != null) {
            edges = edges.minus(id);
            outgoing = without(outgoing, chain.current().from(), id);
            incoming = without(incoming, chain.current().to(), id);
        }
    }

    private static InvalidRequestException absent(String field, String kind, UUID id) {
        return new InvalidRequestException(ErrorCode.NOT_FOUND, field, kind + " " + id + " does not exist");
    }

    private static <K> HashPMap<K, TreePSet<UUID>> with(HashPMap<K, TreePSet<UUID>> index, K key, UUID id) {
        return index.plus(key, index.getOrDefault(key, GraphState.NO_IDS).plus(id));
    }

    private static <K> HashPMap<K, TreePSet<UUID>> without(HashPMap<K, TreePSet<UUID>> index, K key, UUID id) {
        TreePSet<UUID> left = index.getOrDefault(key, GraphState.NO_IDS).minus(id);
        return left.isEmpty() ? index.minus(key) : index.plus(key, left);
    }
}
