package io.contextdb.memory;

import io.contextdb.Namespace;
import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Memory: what most applications call (contract M). It is built on the five models of a namespace alone. A memory is a node of
 * the graph, with a point of the same id in the memory's vector space. Thread-safe.
 */
public final class Memory {
    private static final int ERASED_AT_ONCE = 200;

    /** What the limit of a retraction leaves beside the id of the memory that another was derived from. */
    private static final int MOST_REASON_BYTES = 1_900;

    private static final int KINSHIP_HOPS = 4;
    private static final int KINSHIP_NODES = 5_000;

    private final Namespace namespace;
    private final MemoryConfig config;

    /** Works in a namespace with what the application provides; usually got from {@link Namespace#memory}. */
    public Memory(Namespace namespace, MemoryConfig config) {
        this.namespace = Arguments.required("namespace", namespace);
        this.config = Arguments.required("config", config);
    }

    /** Returns the settings of this namespace's memory; empty before its first use. */
    public Optional<MemorySettings> settings() {
        return new SettingsRecord(namespace).read();
    }

    /**
     * Stores settings with which this namespace's memory begins, and returns them.
     *
     * @throws InvalidRequestException if there are other settings already; they do not change
     */
    public MemorySettings configure(MemorySettings wanted) {
        MemorySettings stored = new SettingsRecord(namespace).create(Arguments.required("settings", wanted));
        if (!stored.equals(wanted)) {
            throw new InvalidRequestException(
                    "memory.settings", "are " + stored + " and cannot become " + wanted + "; use another namespace");
        }
        return stored;
    }

    /** Remembers something, or says why not (contract M1 to M3). */
    public MemoryReceipt write(MemoryDraft draft) {
        return write(List.of(Arguments.required("draft", draft))).get(0);
    }

    /**
     * Remembers several things, with few calls of embedder and store, in batches of up to {@value WriteCall#MOST_DRAFTS},
     * fewer where texts are long; each batch is all or nothing, and has the time-out of a call for itself, embedding
     * included. A draft is compared with those before it, too. A relation to
     * a memory of a later batch comes with that one.
     */
    public List<MemoryReceipt> write(List<MemoryDraft> drafts) {
        return WriteCall.run(namespace, config, Arguments.copy("drafts", drafts));
    }

    /** Returns the memories that answer a query best, and why (contract M4). */
    public Recall retrieve(MemoryQuery query) {
        Arguments.required("query", query);
        Deadline deadline = namespace.deadline();
        Namespace bounded = namespace.until(deadline);
        Optional<MemorySettings> settings = new SettingsRecord(bounded).read();
        if (settings.isEmpty()) {
            return new Recall(List.of(), List.of());
        }
        SettingsRecord.check(settings.get(), config);
        Optional<Vector> vector = query.vector();
        if (vector.isEmpty() && config.embedder().isPresent() && !query.text().isBlank()) {
            vector = Optional.of(WriteCall.embed(config.embedder().get(), List.of(query.text()), deadline)
                    .get(0));
        }
        return new Retrieval(bounded, settings.get(), query, vector, Instant.now()).run();
    }

    /**
     * Learns from experience: appends a version and an event, and updates the source, in one batch (contract M7). Returns the
     * new version's number.
     */
    public long feedback(UUID id, Feedback feedback) {
        Arguments.required("feedback", feedback);
        Namespace bounded = namespace.until(namespace.deadline());
        return Optimistic.decide(() -> apply(bounded, valid(bounded, id), feedback));
    }

    private static long apply(Namespace namespace, Node node, Feedback feedback) {
        var batch = namespace
                .batch()
                .add(new GraphMutation.PutNode(
                        NodeDraft.of(node.id(), feedback.apply(node)).valid(node.validity()),
                        Condition.version(node.version()),
                        GraphMutation.Fingerprints.SHARED))
                .append(EventDraft.of("memory.feedback", PropertyMap.of("kind", feedback.name()))
                        .about(node.id().toString()));
        if (!node.source().isEmpty() && feedback.evidenceFor() + feedback.evidenceAgainst() > 0) {
            batch.add(new GraphMutation.AddEvidence(node.source(), feedback.evidenceFor(), feedback.evidenceAgainst()));
        }
        batch.apply();
        return node.version() + 1;
    }

    /** Retracts a memory, and on demand what was derived from it (contract M7a). The reason is 1 to 1,900 bytes. */
    public RetractionReport retract(UUID id, String reason, Cascade cascade) {
        Arguments.required("cascade", cascade);
        Arguments.required("memory.id", id);
        if (Arguments.text("reason", reason, 1, MOST_REASON_BYTES).isBlank()) {
            throw new InvalidRequestException("reason", "must not be blank");
        }
        Namespace bounded = namespace.until(namespace.deadline());
        MemorySettings settings = new SettingsRecord(bounded).read().orElseThrow(() -> absent(id));
        return Optimistic.decide(() -> new Retraction(bounded, settings, Instant.now()).run(id, reason, cascade));
    }

    /** Erases every memory of a source, 1 to 512 bytes, retracted ones included, in bounded batches, and returns how many there were. */
    public long forget(String source) {
        Filter ofSource = Filter.eq(Field.source(), Arguments.externalId("source", source));
        Optional<MemorySettings> settings = settings();
        if (settings.isEmpty()) {
            return 0;
        }
        long erased = 0;
        while (true) {
            List<UUID> ids;
            try (var points = namespace.vectors().scroll(settings.get().space().name(), ofSource)) {
                ids = points.limit(ERASED_AT_ONCE).map(VectorPoint::id).toList();
            }
            if (ids.isEmpty()) {
                return erased;
            }
            erased += namespace.erase(ids);
        }
    }

    /** Returns why two memories belong together. */
    public Kinship kinship(UUID first, UUID second) {
        Node a = current(first);
        Node b = current(second);
        TreeSet<String> shared = new TreeSet<>(CodePointOrder.INSTANCE);
        shared.addAll(a.labels());
        shared.retainAll(b.labels());
        boolean sameSource = !a.source().isEmpty() && a.source().equals(b.source());
        return new Kinship(path(first, second), shared, sameSource, similarity(first, second));
    }

    private List<Edge> path(UUID from, UUID to) {
        List<WalkStep> steps = namespace
                .graph()
                .walk(WalkQuery.from(from)
                        .direction(Direction.BOTH)
                        .maxDepth(KINSHIP_HOPS)
                        .limit(KINSHIP_NODES)
                        .build());
        Map<UUID, WalkStep> byNode = new HashMap<>();
        steps.forEach(step -> byNode.put(step.node().id(), step));
        List<Edge> path = new ArrayList<>();
        UUID here = to;
        while (!here.equals(from)) {
            WalkStep step = byNode.get(here);
            Edge edge = step == null ? null : step.reachedBy().orElse(null);
            if (edge == null) {
                return List.of();
            }
            path.add(0, edge);
            here = edge.to().equals(here) ? edge.from() : edge.to();
        }
        return path;
    }

    private OptionalDouble similarity(UUID first, UUID second) {
        MemorySettings settings = settings().orElse(null);
        if (settings == null) {
            return OptionalDouble.empty();
        }
        Map<UUID, Vector> vectors = new HashMap<>();
        namespace
                .vectors()
                .get(settings.space().name(), List.of(first, second))
                .forEach(point -> point.vector().ifPresent(vector -> vectors.put(point.id(), vector)));
        Vector a = vectors.get(first);
        Vector b = vectors.get(second);
        return a == null || b == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(settings.space().metric().similarity(a, b));
    }

    private static Node valid(Namespace namespace, UUID id) {
        return namespace.graph().get(List.of(Arguments.required("memory.id", id)), AsOf.now()).stream()
                .findFirst()
                .orElseThrow(() -> absent(id));
    }

    private Node current(UUID id) {
        return namespace.graph().get(Arguments.required("memory.id", id)).orElseThrow(() -> absent(id));
    }

    private static InvalidRequestException absent(UUID id) {
        return new InvalidRequestException(
                ErrorCode.NOT_FOUND, "memory.id", id + " does not exist, or is not valid now");
    }
}
