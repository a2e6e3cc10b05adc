package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import java.time.Instant;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FeedbackTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-12);
    private static final Node NODE = Nodes.memory(1, 0.5, MemoryType.SEMANTIC, Instant.EPOCH);

    @Test
    void validatedAndRefutedMoveTheConfidence() {
        assertThat(Feedback.VALIDATED.apply(NODE).confidence()).isCloseTo(0.6, EXACT);
        assertThat(Feedback.REFUTED.apply(NODE).confidence()).isCloseTo(0.25, EXACT);
    }

    @Test
    void usefulAndStaleMoveTheUtilityFromNeutral() {
        assertThat(MemoryNode.utility(NODE)).isEqualTo(0.5);
        assertThat(MemoryNode.utility(applied(Feedback.USEFUL, NODE))).isCloseTo(0.6, EXACT);
        assertThat(MemoryNode.utility(applied(Feedback.STALE, NODE))).isCloseTo(0.25, EXACT);
    }

    @ParameterizedTest
    @EnumSource(Feedback.class)
    void staysInRangeAndKeepsTheRest(Feedback feedback) {
        Node node = NODE;
        for (int i = 0; i < 200; i++) {
            node = applied(feedback, node);
        }

        assertThat(node.confidence()).isBetween(0.0, 1.0);
        assertThat(MemoryNode.utility(node)).isBetween(0.0, 1.0);
        assertThat(MemoryNode.type(node)).contains(MemoryType.SEMANTIC);
        assertThat(MemoryNode.text(node)).isEqualTo(MemoryNode.text(NODE));
    }

    private static Node applied(Feedback feedback, Node node) {
        NodeContent content = feedback.apply(node);
        return new Node(node.id(), content, node.revision());
    }
}
