package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RelationsTest {
    private static final UUID STORED = new UUID(0, 9);

    private final MemoryDraft early = MemoryDraft.of("early");
    private final MemoryDraft late = MemoryDraft.of("late");

    private static Map<UUID, Optional<UUID>> added(MemoryDraft draft) {
        return Map.of(draft.id(), Optional.of(draft.id()));
    }

    private static List<UUID> ends(List<GraphMutation.PutEdge> edges) {
        return edges.stream()
                .map(edge -> edge.draft().content())
                .flatMap(content -> List.of(content.from(), content.to()).stream())
                .toList();
    }

    @Test
    void aRelationToAStoredNodeIsDueAtOnce() {
        MemoryDraft draft = early.derivedFrom(STORED);

        assertThat(ends(new Relations(List.of(draft)).due(List.of(draft), added(draft))))
                .containsExactly(draft.id(), STORED);
    }

    @Test
    void aRelationToADraftOfALaterBatchComesWithThatOne() {
        MemoryDraft draft = early.derivedFrom(late.id());
        Relations relations = new Relations(List.of(draft, late));

        assertThat(relations.due(List.of(draft), added(draft))).isEmpty();
        relations.applied(List.of(draft), added(draft));
        assertThat(ends(relations.due(List.of(late), added(late)))).containsExactly(draft.id(), late.id());
        relations.applied(List.of(late), added(late));
        assertThat(relations.due(List.of(), Map.of())).isEmpty();
    }

    @Test
    void aRelationToADuplicateOfAnEarlierBatchLeadsToWhatWasThere() {
        MemoryDraft draft = late.derivedFrom(early.id());
        Relations relations = new Relations(List.of(early, draft));
        relations.applied(List.of(early), Map.of(early.id(), Optional.of(STORED)));

        assertThat(ends(relations.due(List.of(draft), added(draft)))).containsExactly(draft.id(), STORED);
    }

    @Test
    void aRelationOfOrToARejectedDraftIsLeftOut() {
        MemoryDraft draft = late.derivedFrom(early.id());
        Relations relations = new Relations(List.of(early, draft));
        relations.applied(List.of(early), Map.of(early.id(), Optional.empty()));

        assertThat(relations.due(List.of(draft), added(draft))).isEmpty();
        assertThat(relations.due(List.of(draft), Map.of(draft.id(), Optional.empty())))
                .isEmpty();
    }

    @Test
    void anAttemptThatFailedChangesNothing() {
        MemoryDraft draft = early.derivedFrom(late.id()).derivedFrom(STORED);
        Relations relations = new Relations(List.of(draft, late));

        assertThat(ends(relations.due(List.of(draft), added(draft))))
                .isEqualTo(ends(relations.due(List.of(draft), added(draft))));
    }

    @Test
    void aRelationStatedAgainIsTheSameEdgeAndLeftOut() {
        GraphMutation.PutEdge edge = Relations.edge(STORED, "to", early.id(), 0.5);

        assertThat(Relations.edge(STORED, "to", early.id(), 0.9).draft().id())
                .isEqualTo(edge.draft().id());
        assertThat(edge.condition()).isEqualTo(Condition.absent().orSkip());
        assertThat(Relations.edge(STORED, "of", early.id(), 0.5).draft().id())
                .isNotEqualTo(edge.draft().id());
        assertThat(Relations.edge(early.id(), "to", STORED, 0.5).draft().id())
                .isNotEqualTo(edge.draft().id());
    }
}
