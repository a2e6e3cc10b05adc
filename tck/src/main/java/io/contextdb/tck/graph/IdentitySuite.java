package io.contextdb.tck.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Sources and fingerprints: who says it, and whether it is there already. */
@Needs(Capability.GRAPH)
public abstract class IdentitySuite {
    @Test
    @Proves({"N9", "G13"})
    void evidenceOfManyThreadsAddsUp(Kit kit) {
        Graph graph = kit.namespace().graph();
        graph.putSource("s", List.of("x"), PropertyMap.of("p", 1));

        kit.together(32, i -> {
            for (int n = 0; n < 5; n++) {
                graph.addEvidence("s", 1, 0.5);
            }
            return i;
        });
        graph.putSource("s", List.of("y"), PropertyMap.empty());

        Source source = graph.source("s").orElseThrow();
        assertThat(source.alpha()).isEqualTo(161);
        assertThat(source.beta()).isEqualTo(81);
        assertThat(source.labels()).containsExactly("y");
        graph.addEvidence("new", 1, 0);
        assertThat(graph.source("new").orElseThrow().credibility()).isEqualTo(2.0 / 3);
        assertThat(graph.sources().map(Source::externalId)).containsExactly("new", "s");
    }

    @Test
    @Proves({"N10", "G13"})
    void ofManyWhoWriteOneContentOneCreates(Kit kit) {
        Graph graph = kit.namespace().graph();

        List<UUID> ids = kit.together(
                32,
                i -> graph.putUnique(NodeDraft.of(
                        NodeContent.builder().fingerprint("f").property("by", i).build())));

        assertThat(new HashSet<>(ids)).hasSize(1);
        assertThat(graph.scanAll(NodeQuery.of(Filter.everything())).map(Node::id))
                .containsExactly(ids.get(0));
        assertThat(graph.findByFingerprint(List.of("f", "g"))).containsOnlyKeys("f");
    }

    @Test
    @Proves("N10")
    void fingerprintsAreUniqueAmongCurrentValidNodesOnly(Kit kit) {
        Namespace namespace = kit.namespace();
        Graph graph = namespace.graph();
        NodeContent content = NodeContent.builder().fingerprint("f").build();
        UUID first = graph.putUnique(NodeDraft.of(content));
        UUID second = UuidV7.next();

        MutationResult existing = namespace
                .batch()
                .add(new GraphMutation.PutNode(
                        NodeDraft.of(second, content), Condition.none(), GraphMutation.Fingerprints.UNIQUE_OR_EXISTING))
                .apply()
                .results()
                .get(0);
        assertThat(existing).isEqualTo(new MutationResult.Existing(first, 1));
        assertThatThrownBy(() -> namespace
                        .batch()
                        .add(new GraphMutation.PutNode(
                                NodeDraft.of(second, content),
                                Condition.none(),
                                GraphMutation.Fingerprints.UNIQUE_OR_FAIL))
                        .apply())
                .isInstanceOfSatisfying(
                        PreconditionFailedException.class,
                        failed -> assertThat(failed.existingId()).contains(first));
        graph.retract(first, "free");
        assertThat(graph.putUnique(NodeDraft.of(second, content))).isEqualTo(second);
    }

    @Test
    @Proves("N10")
    void aNodeDoesNotStandInItsOwnWay(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID id = UuidV7.next();
        NodeContent content = NodeContent.builder().fingerprint("f").build();
        graph.putUnique(NodeDraft.of(id, content));

        assertThat(graph.putUnique(NodeDraft.of(id, content))).isEqualTo(id);
        assertThat(graph.history(id)).hasSize(2);
    }

    @Test
    @Proves("N10")
    void fingerprintsAreSharedWhereNobodyAsks(Kit kit) {
        Graph graph = kit.namespace().graph();
        NodeContent content = NodeContent.builder().fingerprint("f").build();
        List<UUID> ids = List.of(UuidV7.next(), UuidV7.next());
        ids.forEach(id -> assertThat(graph.put(NodeDraft.of(id, content))).isEqualTo(1));

        assertThat(graph.get(ids)).extracting(Node::id).isEqualTo(ids);
        assertThat(graph.findByFingerprint(List.of("f")).values())
                .extracting(Node::id)
                .containsAnyElementsOf(ids);
        NodeContent none = NodeContent.builder().build();
        assertThat(graph.putUnique(NodeDraft.of(none))).isNotEqualTo(graph.putUnique(NodeDraft.of(none)));
    }

    @Test
    @Proves("N10")
    void fingerprintsAreFoundAmongWhatHoldsNow(Kit kit) {
        Graph graph = kit.namespace().graph();
        UUID retracted = graph.putUnique(
                NodeDraft.of(NodeContent.builder().fingerprint("retracted").build()));
        UUID changed = graph.putUnique(
                NodeDraft.of(NodeContent.builder().fingerprint("before").build()));
        graph.retract(retracted, "r");
        graph.put(
                NodeDraft.of(changed, NodeContent.builder().fingerprint("after").build()));
        NodeDraft past = NodeDraft.of(NodeContent.builder().fingerprint("past").build())
                .valid(Interval.between(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)));
        graph.put(past);

        assertThat(graph.findByFingerprint(List.of("retracted", "before", "after", "past", "none")))
                .containsOnlyKeys("after")
                .extractingByKey("after")
                .extracting(Node::id)
                .isEqualTo(changed);
        UUID next = UuidV7.next();
        assertThat(graph.putUnique(NodeDraft.of(next, past.content()))).isEqualTo(next);
    }

    @Test
    @Proves({"N9", "G13"})
    void evidenceIsAddedWhileTheSourceIsPut(Kit kit) {
        Graph graph = kit.namespace().graph();

        kit.together(16, i -> {
            for (int n = 0; n < 5; n++) {
                graph.addEvidence("s", 0.5, 0.25);
                graph.putSource("s", List.of("l" + i), PropertyMap.of("n", n));
            }
            return i;
        });

        Source source = graph.source("s").orElseThrow();
        assertThat(source.alpha()).isEqualTo(41);
        assertThat(source.beta()).isEqualTo(21);
        assertThat(source.labels()).hasSize(1);
    }
}
