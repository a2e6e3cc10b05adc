package io.contextdb.memory;

import io.contextdb.Batch;
import io.contextdb.Namespace;
import io.contextdb.memory.MemoryReceipt.Assessment;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to write drafts as one batch (contract M1 to M3): decides about each, by the neighbours that were found and by
 * the drafts before it, and applies what follows, all or nothing. Not thread-safe.
 */
final class MemoryWrite {
    static final String EVENT_WRITTEN = "memory.written";
    private static final double UNKNOWN_CREDIBILITY_PRIOR = 1;

    private final MemorySettings settings;
    private final Optional<ContradictionJudge> judge;
    private final Map<String, Source> sources;
    private final Relations relations;
    private final Instant now;
    private final List<MemoryReceipt> receipts = new ArrayList<>();
    private final List<GraphMutation.PutEdge> edges = new ArrayList<>();
    private final List<Added> added = new ArrayList<>();

    /** Where each draft's id leads; nowhere for a rejected one. */
    private final Map<UUID, Optional<UUID>> resolved = new LinkedHashMap<>();

    /** The newest content of memories that were there, and the version that it follows. */
    private final Map<UUID, Node> changed = new LinkedHashMap<>();

    private final Map<UUID, Node> originals = new LinkedHashMap<>();
    private final Batch batch;

    MemoryWrite(
            Namespace namespace,
            MemorySettings settings,
            Optional<ContradictionJudge> judge,
            Map<String, Source> sources,
            Relations relations,
            Instant now) {
        this.settings = settings;
        this.judge = judge;
        this.sources = sources;
        this.relations = relations;
        this.now = now;
        this.batch = namespace.batch();
    }

    /** A draft with the fingerprint of its text, its vector, and the memories near to it, nearest first. */
    record PendingDraft(MemoryDraft draft, String fingerprint, Optional<Vector> vector, List<Neighbour> neighbours) {}

    /** A memory near to a draft. */
    record Neighbour(Node node, double similarity) {}

    /** A draft that is added, and the node that it becomes. */
    private record Added(PendingDraft pending, Node node) {}

    List<MemoryReceipt> apply(List<PendingDraft> drafts) {
        drafts.forEach(this::decide);
        List<MemoryDraft> stated = drafts.stream().map(PendingDraft::draft).toList();
        edges.addAll(relations.due(stated, resolved));
        changed.forEach((id, node) -> batch.add(new GraphMutation.PutNode(
                NodeDraft.of(id, node.content()).valid(node.validity()),
                Condition.version(originals.getOrDefault(id, node).version()),
                GraphMutation.Fingerprints.SHARED)));
        edges.forEach(batch::add);
        for (MemoryReceipt receipt : receipts) {
            batch.append(event(receipt));
        }
        batch.apply();
        relations.applied(stated, resolved);
        return receipts;
    }

    private void decide(PendingDraft pending) {
        MemoryDraft draft = pending.draft();
        Source source = source(draft.source());
        List<Neighbour> near = draft.isAsIs() ? List.of() : withEarlierDrafts(pending);
        double nearest = near.stream().mapToDouble(Neighbour::similarity).max().orElse(0);
        double threshold = draft.isAsIs() ? 0 : draft.noveltyThreshold().orElse(settings.noveltyThreshold());
        Assessment numbers =
                new Assessment(Math.max(0, nearest), source.credibility(), source.credibilityLowerBound(), threshold);
        switch (Admission.of(numbers)) {
            case REJECT_SOURCE -> reject(draft, Decision.REJECTED_SOURCE, numbers);
            case REJECT_NOVELTY -> reject(draft, Decision.REJECTED_NOVELTY, numbers);
            case DUPLICATE -> duplicate(draft, near.get(0).node(), numbers);
            case ADD -> add(pending, near, source, numbers);
        }
    }

    /** A draft may repeat one before it in the same call, which no index knows yet. */
    private List<Neighbour> withEarlierDrafts(PendingDraft pending) {
        List<Neighbour> near = new ArrayList<>();
        pending.neighbours()
                .forEach(neighbour -> near.add(new Neighbour(
                        changed.getOrDefault(neighbour.node().id(), neighbour.node()), neighbour.similarity())));
        for (Added earlier : added) {
            similarity(pending, earlier.pending())
                    .ifPresent(similarity -> near.add(
                            new Neighbour(changed.getOrDefault(earlier.node().id(), earlier.node()), similarity)));
        }
        near.sort((a, b) -> Double.compare(b.similarity(), a.similarity()));
        return near;
    }

    private OptionalDouble similarity(PendingDraft a, PendingDraft b) {
        if (a.fingerprint().equals(b.fingerprint())) {
            return OptionalDouble.of(1);
        }
        return a.vector().isPresent() && b.vector().isPresent()
                ? OptionalDouble.of(settings.space()
                        .metric()
                        .similarity(a.vector().get(), b.vector().get()))
                : OptionalDouble.empty();
    }

    private Source source(String externalId) {
        Source known = sources.get(externalId);
        return known != null
                ? known
                : new Source(
                        externalId.isEmpty() ? "unknown" : externalId,
                        Collections.emptySortedSet(),
                        PropertyMap.empty(),
                        UNKNOWN_CREDIBILITY_PRIOR,
                        UNKNOWN_CREDIBILITY_PRIOR);
    }

    private void reject(MemoryDraft draft, Decision decision, Assessment numbers) {
        resolved.put(draft.id(), Optional.empty());
        receipts.add(new MemoryReceipt(draft.id(), decision, numbers, 0, List.of()));
    }

    private void duplicate(MemoryDraft draft, Node known, Assessment numbers) {
        boolean sameSource = draft.source().equals(known.source())
                || MemoryNode.confirmedBy(known).contains(draft.source());
        NodeContent content = sameSource
                ? MemoryNode.seenAt(known, now)
                : MemoryNode.confirmedBy(known, draft.source()).toBuilder()
                        .confidence(Admission.confirmed(known.confidence(), numbers.credibility()))
                        .build();
        change(known, content);
        resolved.put(draft.id(), Optional.of(known.id()));
        receipts.add(new MemoryReceipt(
                known.id(),
                sameSource ? Decision.REFRESHED : Decision.CONFIRMED,
                numbers,
                content.confidence(),
                List.of()));
    }

    private void change(Node known, NodeContent content) {
        originals.putIfAbsent(known.id(), known);
        changed.put(known.id(), new Node(known.id(), content, known.revision()));
    }

    private void add(PendingDraft pending, List<Neighbour> near, Source source, Assessment numbers) {
        MemoryDraft draft = pending.draft();
        NodeContent content = NodeContent.builder()
                .labels(draft.labels())
                .properties(MemoryNode.properties(draft))
                .source(draft.source())
                .confidence(draft.confidence().orElse(source.credibility()))
                .fingerprint(draft.isAsIs() ? "" : pending.fingerprint())
                .build();
        NodeDraft node = NodeDraft.of(draft.id(), content);
        Interval validity = draft.validity().orElse(null);
        batch.add(new GraphMutation.PutNode(
                validity == null ? node : node.valid(validity),
                Condition.none(),
                GraphMutation.Fingerprints.UNIQUE_OR_FAIL));
        batch.put(settings.space().name(), point(pending, content, validity));
        if (!draft.source().isEmpty() && !sources.containsKey(draft.source())) {
            batch.add(new GraphMutation.AddEvidence(draft.source(), 0, 0));
        }
        resolved.put(draft.id(), Optional.of(draft.id()));
        Revision first = new Revision(1, validity == null ? Interval.from(now) : validity, Interval.from(now), "");
        added.add(new Added(pending, new Node(draft.id(), content, first)));
        receipts.add(new MemoryReceipt(
                draft.id(), Decision.ADDED, numbers, content.confidence(), conflicts(pending, near, numbers)));
    }

    private static VectorPoint point(PendingDraft pending, NodeContent content, @Nullable Interval validity) {
        VectorPoint.Builder point = VectorPoint.builder(pending.draft().id())
                .text(pending.draft().text())
                .labels(content.labels())
                .properties(content.properties())
                .source(content.source());
        pending.vector().ifPresent(point::vector);
        if (validity != null) {
            point.validity(validity);
        }
        return point.build();
    }

    private List<UUID> conflicts(PendingDraft pending, List<Neighbour> near, Assessment numbers) {
        List<UUID> conflicts = new ArrayList<>();
        MemoryDraft draft = pending.draft();
        for (Neighbour neighbour : judge.isPresent() ? near : List.<Neighbour>of()) {
            Node known = neighbour.node();
            if (neighbour.similarity() < Admission.RELATED
                    || Collections.disjoint(draft.labels(), known.labels())
                    || !draft.validity().orElse(Interval.from(now)).overlaps(known.validity())) {
                continue;
            }
            OptionalDouble strength = judge.get().contradiction(draft.text(), MemoryNode.text(known));
            if (strength.isPresent()) {
                double weight = Math.max(0, Math.min(1, strength.getAsDouble()));
                edges.add(Relations.edge(draft.id(), Relation.CONTRADICTS, known.id(), weight));
                conflicts.add(known.id());
                if (Admission.mayLower(
                        numbers.lowerBound(),
                        known.confidence(),
                        MemoryNode.confirmedBy(known).size())) {
                    double lowered = Admission.contradicted(known.confidence(), weight, numbers.credibility());
                    change(
                            known,
                            known.content().toBuilder().confidence(lowered).build());
                }
            }
        }
        return conflicts;
    }

    private static EventDraft event(MemoryReceipt receipt) {
        Assessment numbers = receipt.assessment();
        return EventDraft.of(
                        EVENT_WRITTEN,
                        PropertyMap.of("decision", receipt.decision().name(), "confidence", receipt.confidence())
                                .with("maxSimilarity", numbers.maxSimilarity())
                                .with("credibility", numbers.credibility())
                                .with("lowerBound", numbers.lowerBound())
                                .with("threshold", numbers.threshold())
                                .with(
                                        "contradicts",
                                        receipt.contradicts().stream()
                                                .map(UUID::toString)
                                                .toList()))
                .about(receipt.id().toString());
    }
}
