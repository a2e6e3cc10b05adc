package io.contextdb.spi.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Digests are kept by stores, so what a batch's is never changes, whatever the lengths of its parts (contract G6). */
class BatchDigestTest {
    private static final NamespaceName N = NamespaceName.of("n");

    @Test
    void theDigestOfABatchStaysWhatItWas() {
        UUID id = new UUID(1, 2);
        float[] vector = new float[384];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = i / 7f;
        }
        List<Mutation> mutations = new ArrayList<>(List.of(
                new GraphMutation.PutNode(
                        NodeDraft.of(
                                id,
                                NodeContent.builder()
                                        .label("person")
                                        .property("name", "Ada")
                                        .property("scores", List.of(1L, 2.5, true))
                                        .build()),
                        Condition.none(),
                        GraphMutation.Fingerprints.SHARED),
                new GraphMutation.PutEdge(
                        EdgeDraft.of(new UUID(3, 4), EdgeContent.of(id, "knows", id)), Condition.none()),
                new VectorMutation.PutPoint(
                        "s",
                        VectorPoint.builder(id)
                                .vector(vector)
                                .text("x".repeat(1_000))
                                .build()),
                new EventMutation.Append(EventDraft.of("made", PropertyMap.of("text", "ü".repeat(2_000))))));
        for (int length = 0; length < 2_100; length += 7) {
            mutations.add(KeyMutation.PutKey.of("k" + length, Bytes.of(new byte[length])));
        }

        assertThat(HexFormat.of().formatHex(WriteBatch.of(N, mutations).digest().toArray()))
                .isEqualTo("bcfaaa04e6597881fecfcd9a85034bfde487f2d6985e393a6d82b6fbaaa5ea74");
    }
}
