package io.contextdb.memory;

import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The relations that the drafts of one call state, over all of its batches. A relation is due in the batch that decides the
 * later of its two ends. Not thread-safe.
 */
final class Relations {
    /** Where the ids of drafts lead that were decided by earlier batches; nowhere for rejected ones. */
    private final Map<UUID, Optional<UUID>> decided = new HashMap<>();

    /** Drafts of batches still to come. */
    private final Set<UUID> undecided = new HashSet<>();

    private List<Stated> postponed = List.of();

    Relations(Collection<MemoryDraft> drafts) {
        drafts.forEach(draft -> undecided.add(draft.id()));
    }

    /** A relation and the draft that states it. */
    private record Stated(UUID from, Relation relation) {}

    /** Returns the edges that are due with a batch, given where the ids of its drafts lead. Changes nothing. */
    List<GraphMutation.PutEdge> due(Collection<MemoryDraft> drafts, Map<UUID, Optional<UUID>> leads) {
        List<GraphMutation.PutEdge> edges = new ArrayList<>();
        for (Stated stated : open(drafts)) {
            Optional<UUID> from = end(stated.from(), leads);
            Optional<UUID> to = end(stated.relation().to(), leads);
            if (!waits(stated, leads) && from.isPresent() && to.isPresent()) {
                edges.add(edge(
                        from.get(),
                        stated.relation().type(),
                        to.get(),
                        stated.relation().weight()));
            }
        }
        return edges;
    }

    /** Takes note that a batch was applied. */
    void applied(Collection<MemoryDraft> drafts, Map<UUID, Optional<UUID>> leads) {
        postponed = open(drafts).stream().filter(stated -> waits(stated, leads)).toList();
        decided.putAll(leads);
        undecided.removeAll(leads.keySet());
    }

    /**
     * Returns the write of an edge whose id follows from its ends and type, left out where it is there: to state a relation
     * again does not multiply it.
     */
    static GraphMutation.PutEdge edge(UUID from, String type, UUID to, double weight) {
        UUID id = UUID.nameUUIDFromBytes((from + " " + to + " " + type).getBytes(StandardCharsets.UTF_8));
        EdgeContent content = EdgeContent.of(from, type, to).withWeight(weight);
        return new GraphMutation.PutEdge(
                EdgeDraft.of(id, content), Condition.absent().orSkip());
    }

    private List<Stated> open(Collection<MemoryDraft> drafts) {
        List<Stated> open = new ArrayList<>(postponed);
        for (MemoryDraft draft : drafts) {
            draft.relations().forEach(relation -> open.add(new Stated(draft.id(), relation)));
        }
        return open;
    }

    private boolean waits(Stated stated, Map<UUID, Optional<UUID>> leads) {
        UUID to = stated.relation().to();
        return undecided.contains(to) && !leads.containsKey(to);
    }

    /** A node that no draft of the call has the id of is taken to exist. */
    private Optional<UUID> end(UUID id, Map<UUID, Optional<UUID>> leads) {
        Optional<UUID> here = leads.get(id);
        return here == null ? decided.getOrDefault(id, Optional.of(id)) : here;
    }
}
