package io.contextdb.memory;

import io.contextdb.Namespace;
import io.contextdb.memory.MemoryWrite.Neighbour;
import io.contextdb.memory.MemoryWrite.PendingDraft;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** One bounded batch of drafts that are written, and what it is decided by. Not thread-safe. */
final class WriteCall {
    static final int MOST_DRAFTS = 64;

    /** A text is stored three times: as a property of node and of point, and as what words are looked for in. */
    static final long MOST_CHARS = 4 << 20;

    private static final int NEIGHBOURS = 5;

    private final Namespace namespace;
    private final Deadline deadline;
    private final MemoryConfig config;
    private final Relations relations;

    private WriteCall(Namespace namespace, Deadline deadline, MemoryConfig config, List<MemoryDraft> drafts) {
        this.namespace = namespace;
        this.deadline = deadline;
        this.config = config;
        this.relations = new Relations(drafts);
    }

    static List<MemoryReceipt> run(Namespace namespace, MemoryConfig config, List<MemoryDraft> drafts) {
        List<MemoryReceipt> receipts = new ArrayList<>();
        for (List<MemoryDraft> portion : portions(drafts)) {
            Deadline deadline = namespace.deadline();
            receipts.addAll(new WriteCall(namespace.until(deadline), deadline, config, drafts).write(portion));
        }
        return receipts;
    }

    /** Cuts where the next draft would make a portion too large; a single draft is never too large. */
    static List<List<MemoryDraft>> portions(List<MemoryDraft> drafts) {
        List<List<MemoryDraft>> portions = new ArrayList<>();
        int from = 0;
        long chars = 0;
        for (int i = 0; i < drafts.size(); i++) {
            int length = drafts.get(i).text().length();
            if (i > from && (i - from == MOST_DRAFTS || chars + length > MOST_CHARS)) {
                portions.add(drafts.subList(from, i));
                from = i;
                chars = 0;
            }
            chars += length;
        }
        if (from < drafts.size()) {
            portions.add(drafts.subList(from, drafts.size()));
        }
        return portions;
    }

    private List<MemoryReceipt> write(List<MemoryDraft> portion) {
        MemorySettings settings = settingsFor(portion);
        List<Optional<Vector>> vectors = vectors(settings, portion);
        List<String> fingerprints =
                portion.stream().map(draft -> Fingerprint.of(draft.text())).toList();
        // Another writer may be faster: with the same text, or on a memory that this one changes. Then look again.
        return Optimistic.decide(
                () -> new MemoryWrite(namespace, settings, config.judge(), sources(portion), relations, Instant.now())
                        .apply(pending(settings, portion, fingerprints, vectors)));
    }

    private MemorySettings settingsFor(List<MemoryDraft> portion) {
        SettingsRecord stored = new SettingsRecord(namespace);
        MemorySettings settings = stored.read().orElse(null);
        if (settings == null) {
            int given = portion.stream()
                    .flatMap(draft -> draft.vector().stream())
                    .mapToInt(Vector::dimensions)
                    .findFirst()
                    .orElse(0);
            settings = stored.create(config.embedder()
                    .map(embedder -> MemorySettings.forModel(embedder.model()))
                    .orElse(MemorySettings.forVectors(given)));
        }
        SettingsRecord.check(settings, config);
        return settings;
    }

    private List<Optional<Vector>> vectors(MemorySettings settings, List<MemoryDraft> portion) {
        List<Integer> missing = new ArrayList<>();
        List<Optional<Vector>> vectors = new ArrayList<>();
        for (MemoryDraft draft : portion) {
            if (draft.vector().isEmpty()) {
                missing.add(vectors.size());
            }
            vectors.add(draft.vector());
        }
        if (config.embedder().isPresent() && !missing.isEmpty()) {
            List<String> texts =
                    missing.stream().map(index -> portion.get(index).text()).toList();
            List<Vector> made = embed(config.embedder().get(), texts, deadline);
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

    /** Embeds texts, and refuses an answer that is not one vector for each. */
    static List<Vector> embed(Embedder embedder, List<String> texts, Deadline deadline) {
        List<Vector> made = embedder.embed(texts, deadline);
        if (made.size() != texts.size()) {
            throw new InvalidRequestException(
                    "memory.embedder",
                    "must make a vector for each text; '" + embedder.model().id() + "' made " + made.size() + " for "
                            + texts.size());
        }
        return made;
    }

    private Map<String, Source> sources(List<MemoryDraft> portion) {
        Set<String> ids = new LinkedHashSet<>();
        portion.stream().map(MemoryDraft::source).filter(id -> !id.isEmpty()).forEach(ids::add);
        Map<String, Source> sources = new HashMap<>();
        if (!ids.isEmpty()) {
            namespace.graph().sources(ids).forEach(source -> sources.put(source.externalId(), source));
        }
        return sources;
    }

    /** Finds the memories near to each draft: two bulk reads for all of them, by vector and by equal text. */
    private List<PendingDraft> pending(
            MemorySettings settings,
            List<MemoryDraft> portion,
            List<String> fingerprints,
            List<Optional<Vector>> vectors) {
        Filter notOver =
                Filter.or(Filter.not(Filter.exists(Field.validTo())), Filter.gt(Field.validTo(), Instant.now()));
        List<VectorQuery> queries = new ArrayList<>();
        Set<String> asked = new LinkedHashSet<>();
        for (int i = 0; i < portion.size(); i++) {
            if (!portion.get(i).isAsIs()) {
                vectors.get(i)
                        .ifPresent(vector ->
                                queries.add(VectorQuery.nearest(settings.space().name(), vector, NEIGHBOURS)
                                        .where(notOver)));
                asked.add(fingerprints.get(i));
            }
        }
        List<List<Hit>> hits =
                queries.isEmpty() ? List.of() : namespace.vectors().search(queries);
        Map<String, Node> equal = asked.isEmpty() ? Map.of() : namespace.graph().findByFingerprint(asked);
        Map<UUID, Node> nodes = nodes(hits);
        List<PendingDraft> pending = new ArrayList<>();
        int query = 0;
        for (int i = 0; i < portion.size(); i++) {
            List<Neighbour> near = new ArrayList<>();
            if (!portion.get(i).isAsIs()) {
                Node same = equal.get(fingerprints.get(i));
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
            pending.add(new PendingDraft(portion.get(i), fingerprints.get(i), vectors.get(i), near));
        }
        return pending;
    }

    private Map<UUID, Node> nodes(List<List<Hit>> hits) {
        Set<UUID> ids = new LinkedHashSet<>();
        hits.forEach(list -> list.forEach(hit -> ids.add(hit.point().id())));
        Map<UUID, Node> nodes = new HashMap<>();
        if (!ids.isEmpty()) {
            namespace.graph().get(ids, AsOf.now()).forEach(node -> nodes.put(node.id(), node));
        }
        return nodes;
    }
}
