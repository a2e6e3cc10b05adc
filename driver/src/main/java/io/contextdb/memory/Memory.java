package io.contextdb.memory;

import io.contextdb.Namespace;
import io.contextdb.memory.MemoryWrite.Neighbour;
import io.contextdb.memory.MemoryWrite.PendingDraft;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Memory: what most applications call (contract M). It is built on the five models of a namespace alone. A memory is a node of
 * the graph, with a point of the same id in the memory's vector space. Thread-safe.
 */
public final class Memory {
    private static final Duration EMBEDDING_TIMEOUT = Duration.ofMinutes(5);
    private static final int NEIGHBOURS = 5;
    private static final int CHUNK = 64;
    private static final int ATTEMPTS = 8;
    private static final int ERASED_AT_ONCE = 200;
    private static final int KINSHIP_HOPS = 4;
    private static final int KINSHIP_NODES = 5_000;

    private final Namespace namespace;
    private final MemoryConfig config;

    /** Works in a namespace with what the application provides; usually got from {@link Namespace#memory}. */
    public Memory(Namespace namespace, MemoryConfig config) {
        this.namespace = MemoryDraft.required("namespace", namespace);
        this.config = MemoryDraft.required("config", config);
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
        MemorySettings stored = new SettingsRecord(namespace).create(MemoryDraft.required("settings", wanted));
        if (!stored.equals(wanted)) {
            throw new InvalidRequestException(
                    "memory.settings", "are " + stored + " and cannot become " + wanted + "; use another namespace");
        }
        return stored;
    }

    /** Remembers something, or says why not (contract M1 to M3). */
    public MemoryReceipt write(MemoryDraft draft) {
        return write(List.of(MemoryDraft.required("draft", draft))).get(0);
    }

    /**
     * Remembers several things, with few calls of embedder and store, in batches of up to {@value #CHUNK}; each batch is all or
     * nothing. A draft is compared with those before it, too.
     */
    public List<MemoryReceipt> write(List<MemoryDraft> drafts) {
        List<MemoryReceipt> receipts = new ArrayList<>();
        for (int from = 0; from < MemoryDraft.required("drafts", drafts).size(); from += CHUNK) {
            receipts.addAll(writeChunk(drafts.subList(from, Math.min(drafts.size(), from + CHUNK))));
        }
        return receipts;
    }

    private List<MemoryReceipt> writeChunk(List<MemoryDraft> drafts) {
        drafts.forEach(draft -> MemoryDraft.required("draft", draft));
        MemorySettings settings = settingsFor(drafts);
        List<Optional<Vector>> vectors = vectors(settings, drafts);
        for (int attempt = 1; ; attempt++) {
            try {
                MemoryWrite write =
                        new MemoryWrite(namespace, settings, config.judge(), sources(drafts), Instant.now());
                return write.apply(pending(settings, drafts, vectors));
            } catch (PreconditionFailedException raced) {
                // Another writer was faster: with the same text, or on a memory that this one changes. Look again.
                if (attempt == ATTEMPTS) {
                    throw raced;
                }
            }
        }
    }

    private MemorySettings settingsFor(List<MemoryDraft> drafts) {
        SettingsRecord stored = new SettingsRecord(namespace);
        MemorySettings settings = stored.read().orElse(null);
        if (settings == null) {
            int given = drafts.stream()
                    .flatMap(draft -> draft.vector().stream())
                    .mapToInt(Vector::dimensions)
                    .findFirst()
                    .orElse(0);
            settings = stored.create(config.embedder()
                    .map(embedder -> MemorySettings.forModel(embedder.model()))
                    .orElse(MemorySettings.forVectors(given)));
        }
        check(settings);
        return settings;
    }

    private void check(MemorySettings settings) {
        config.embedder().ifPresent(embedder -> SettingsRecord.check(settings, embedder.model()));
    }

    private List<Optional<Vector>> vectors(MemorySettings settings, List<MemoryDraft> drafts) {
        List<Integer> missing = new ArrayList<>();
        List<Optional<Vector>> vectors = new ArrayList<>();
        for (MemoryDraft draft : drafts) {
            if (draft.vector().isEmpty()) {
                missing.add(vectors.size());
            }
            vectors.add(draft.vector());
        }
        if (config.embedder().isPresent() && !missing.isEmpty()) {
            Embedder embedder = config.embedder().get();
            List<Vector> made = embedder.embed(
                    missing.stream().map(index -> drafts.get(index).text()).toList(),
                    Deadline.after(EMBEDDING_TIMEOUT));
            for (int i = 0; i < missing.size(); i++) {
                vectors.set(missing.get(i), Optional.of(made.get(i)));
            }
        }
        for (Optional<Vector> vector : vectors) {
            if (vector.isPresent()
                    && vector.get().dimensions() != settings.space().dimensions()) {
                throw new InvalidRequestException(
                        "memory.vector",
                        "has " + vector.get().dimensions() + " dimensions, this memory has "
                                + settings.space().dimensions());
            }
        }
        return vectors;
    }

    private Map<String, Source> sources(List<MemoryDraft> drafts) {
        Set<String> ids = new LinkedHashSet<>();
        drafts.stream().map(MemoryDraft::source).filter(id -> !id.isEmpty()).forEach(ids::add);
        Map<String, Source> sources = new HashMap<>();
        if (!ids.isEmpty()) {
            namespace.graph().sources(ids).forEach(source -> sources.put(source.externalId(), source));
        }
        return sources;
    }

    /** Finds the memories near to each draft: two bulk reads for all of them, by vector and by equal text. */
    private List<PendingDraft> pending(
            MemorySettings settings, List<MemoryDraft> drafts, List<Optional<Vector>> vectors) {
        Filter notOver =
                Filter.or(Filter.not(Filter.exists(Field.validTo())), Filter.gt(Field.validTo(), Instant.now()));
        List<VectorQuery> queries = new ArrayList<>();
        Set<String> fingerprints = new LinkedHashSet<>();
        for (int i = 0; i < drafts.size(); i++) {
            if (!drafts.get(i).isAsIs()) {
                vectors.get(i)
                        .ifPresent(vector ->
                                queries.add(VectorQuery.nearest(settings.space().name(), vector, NEIGHBOURS)
                                        .where(notOver)));
                fingerprints.add(Fingerprint.of(drafts.get(i).text()));
            }
        }
        List<List<Hit>> hits =
                queries.isEmpty() ? List.of() : namespace.vectors().search(queries);
        Map<String, Node> equal =
                fingerprints.isEmpty() ? Map.of() : namespace.graph().findByFingerprint(fingerprints);
        Map<UUID, Node> nodes = new HashMap<>();
        Set<UUID> ids = new LinkedHashSet<>();
        hits.forEach(list -> list.forEach(hit -> ids.add(hit.point().id())));
        if (!ids.isEmpty()) {
            namespace.graph().get(ids, AsOf.now()).forEach(node -> nodes.put(node.id(), node));
        }
        List<PendingDraft> pending = new ArrayList<>();
        int query = 0;
        for (int i = 0; i < drafts.size(); i++) {
            List<Neighbour> near = new ArrayList<>();
            if (!drafts.get(i).isAsIs()) {
                Node same = equal.get(Fingerprint.of(drafts.get(i).text()));
                if (same != null) {
                    near.add(new Neighbour(same, 1));
                }
                for (Hit hit : vectors.get(i).isPresent() ? hits.get(query++) : List.<Hit>of()) {
                    Node node = nodes.get(hit.point().id());
                    if (node != null && (same == null || !same.id().equals(node.id()))) {
                        near.add(new Neighbour(node, hit.score()));
                    }
                }
            }
            pending.add(new PendingDraft(drafts.get(i), vectors.get(i), near));
        }
        return pending;
    }

    /** Returns the memories that answer a query best, and why (contract M4). */
    public Recall retrieve(MemoryQuery query) {
        MemoryDraft.required("query", query);
        Optional<MemorySettings> settings = settings();
        if (settings.isEmpty()) {
            return new Recall(List.of(), List.of());
        }
        check(settings.get());
        Optional<Vector> vector = query.vector();
        if (vector.isEmpty() && config.embedder().isPresent() && !query.text().isBlank()) {
            vector = Optional.of(config.embedder()
                    .get()
                    .embed(List.of(query.text()), Deadline.after(EMBEDDING_TIMEOUT))
                    .get(0));
        }
        return new Retrieval(namespace, settings.get(), query, vector, Instant.now()).run();
    }

    /**
     * Learns from experience: appends a version and an event, and updates the source, in one batch (contract M7). Returns the
     * new version's number.
     */
    public long feedback(UUID id, Feedback feedback) {
        MemoryDraft.required("feedback", feedback);
        for (int attempt = 1; ; attempt++) {
            Node node = valid(id);
            try {
                return apply(node, feedback);
            } catch (PreconditionFailedException raced) {
                if (attempt == ATTEMPTS) {
                    throw raced;
                }
            }
        }
    }

    private long apply(Node node, Feedback feedback) {
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

    /** Retracts a memory, and on demand what was derived from it (contract M7a). The reason is 1 to 400 characters. */
    public RetractionReport retract(UUID id, String reason, Cascade cascade) {
        MemoryDraft.required("cascade", cascade);
        if (MemoryDraft.required("reason", reason).isBlank() || reason.length() > 400) {
            throw new InvalidRequestException("reason", "must have 1 to 400 characters");
        }
        MemorySettings settings = settings().orElseThrow(() -> absent(id));
        return new Retraction(namespace, settings, Instant.now()).run(id, reason, cascade);
    }

    /** Erases every memory of a source, retracted ones included, in bounded batches, and returns how many there were. */
    public long forget(String source) {
        Filter ofSource = Filter.eq(Field.source(), MemoryDraft.required("source", source));
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

    private Node valid(UUID id) {
        return namespace.graph().get(List.of(MemoryDraft.required("memory.id", id)), AsOf.now()).stream()
                .findFirst()
                .orElseThrow(() -> absent(id));
    }

    private Node current(UUID id) {
        return namespace.graph().get(MemoryDraft.required("memory.id", id)).orElseThrow(() -> absent(id));
    }

    private static InvalidRequestException absent(UUID id) {
        return new InvalidRequestException(
                ErrorCode.NOT_FOUND, "memory.id", id + " does not exist, or is not valid now");
    }
}
