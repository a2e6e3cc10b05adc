package io.contextdb.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Namespace;
import io.contextdb.memory.Decision;
import io.contextdb.memory.Memory;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryReceipt;
import io.contextdb.memory.MemorySettings;
import io.contextdb.memory.MemoryType;
import io.contextdb.memory.Relation;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Writing memories: admission, confirmation, contradiction. */
@Needs({Capability.GRAPH, Capability.VECTORS, Capability.EVENTS, Capability.DOCUMENTS})
public abstract class WriteSuite {
    private static final WordEmbedder WORDS = new WordEmbedder("words", 256);

    private static final MemoryConfig CONFIG = MemoryConfig.none().withEmbedder(WORDS);

    private static final Offset<Double> EXACT = Offset.offset(1e-9);

    private static Memory memory(Namespace namespace) {
        return new Memory(namespace, CONFIG);
    }

    @Test
    @Proves("M1")
    void aMemoryIsNodePointEdgesAndEventInOneCommit(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        MemoryReceipt first =
                memory.write(MemoryDraft.of("the sky is blue").source("eyes").labels("fact"));
        MemoryReceipt second = memory.write(MemoryDraft.of("rain is coming")
                .derivedFrom(first.id())
                .property("p", 1)
                .type(MemoryType.EPISODIC));

        Node node = namespace.graph().get(second.id()).orElseThrow();
        assertThat(node.properties().get("p")).isEqualTo(1L);
        Edge edge = namespace
                .graph()
                .edges(EdgeQuery.of(Direction.OUTGOING, second.id()))
                .items()
                .get(0);
        assertThat(edge.type()).isEqualTo(Relation.DERIVED_FROM);
        assertThat(edge.revision().transaction().from())
                .isEqualTo(node.revision().transaction().from());
        Event event = namespace
                .events()
                .readAll(EventQuery.after(EventPosition.START, 10))
                .toList()
                .getLast();
        if (kit.eventsHaveTheTimeOfTheirBatch()) {
            assertThat(event.appendedAt())
                    .isEqualTo(node.revision().transaction().from());
        }
        assertThat(event.subject()).isEqualTo(second.id().toString());
        assertThat(namespace
                        .vectors()
                        .get(MemorySettings.SPACE, second.id())
                        .orElseThrow()
                        .text())
                .isEqualTo("rain is coming");
        assertThat(namespace.graph().source("eyes")).isPresent();
    }

    @Test
    @Proves({"M1", "G5"})
    void aWriteThatFailsLeavesNothing(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        memory.write(MemoryDraft.of("something"));
        var before = namespace.statistics();

        assertThatThrownBy(() -> memory.write(List.of(
                        MemoryDraft.of("good and well"),
                        MemoryDraft.of("bad because of its relation").derivedFrom(UUID.randomUUID()))))
                .isInstanceOf(InvalidRequestException.class);

        assertThat(namespace.statistics()).isEqualTo(before);
    }

    @Test
    @Proves("M2")
    void admissionFollowsItsOrderAndShowsItsNumbers(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        namespace.graph().addEvidence("liar", 0, 99);
        namespace.graph().addEvidence("good", 98, 0);

        MemoryReceipt added = memory.write(MemoryDraft.of("alpha beta gamma").source("good"));
        assertThat(added.decision()).isEqualTo(Decision.ADDED);
        assertThat(added.assessment().maxSimilarity()).isZero();
        assertThat(added.assessment().credibility()).isCloseTo(0.99, EXACT);
        assertThat(added.confidence()).as("credibility, not squared").isCloseTo(0.99, EXACT);

        MemoryReceipt liar = memory.write(MemoryDraft.of("alpha beta gamma").source("liar"));
        assertThat(liar.decision()).isEqualTo(Decision.REJECTED_SOURCE);
        MemoryReceipt again = memory.write(MemoryDraft.of("Alpha  BETA gamma").source("good"));
        assertThat(again.decision()).isEqualTo(Decision.REFRESHED);
        assertThat(again.id()).isEqualTo(added.id());
        assertThat(again.confidence()).isEqualTo(added.confidence());
        MemoryReceipt unknown = memory.write(MemoryDraft.of("delta epsilon").source("new"));
        assertThat(unknown.decision()).as("no threshold by default").isEqualTo(Decision.ADDED);
        assertThat(unknown.confidence()).isEqualTo(0.5);
        MemoryReceipt dull =
                memory.write(MemoryDraft.of("delta epsilon zeta").source("new").noveltyThreshold(0.2));
        assertThat(dull.decision()).isEqualTo(Decision.REJECTED_NOVELTY);
        assertThat(dull.assessment().novelty()).isLessThan(0.2);
        assertThat(dull.assessment().threshold()).isEqualTo(0.2);
        assertThat(namespace.statistics().nodes()).isEqualTo(2);
    }

    @Test
    @Proves("M2")
    void confirmationByOthersRaisesConfidenceOnceEach(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        MemoryReceipt first =
                memory.write(MemoryDraft.of("water boils at 100 degrees").source("a"));
        double confidence = first.confidence();
        for (String source : List.of("b", "c", "d")) {
            MemoryReceipt next =
                    memory.write(MemoryDraft.of("water boils at 100 degrees").source(source));
            assertThat(next.decision()).isEqualTo(Decision.CONFIRMED);
            assertThat(next.confidence()).isBetween(Math.nextUp(confidence), 1.0);
            assertThat(next.confidence()).isCloseTo(1 - (1 - confidence) * 0.75, EXACT);
            confidence = next.confidence();
        }

        MemoryReceipt repeated =
                memory.write(MemoryDraft.of("water boils at 100 degrees").source("b"));
        assertThat(repeated.decision()).isEqualTo(Decision.REFRESHED);
        assertThat(namespace.graph().get(first.id()).orElseThrow().confidence()).isCloseTo(confidence, EXACT);
        assertThat(namespace.statistics().nodes()).isEqualTo(1);
    }

    @Test
    @Proves({"M2", "G13", "N10"})
    void ofManyWhoWriteOneTextOneAdds(Kit kit) {
        Namespace namespace = kit.namespace();
        memory(namespace).write(MemoryDraft.of("first of all"));

        List<MemoryReceipt> receipts = kit.together(
                6,
                i -> memory(namespace)
                        .write(MemoryDraft.of("a text of many authors").source("s" + i)));

        assertThat(receipts)
                .filteredOn(receipt -> receipt.decision() == Decision.ADDED)
                .hasSize(1);
        assertThat(new HashSet<>(receipts.stream().map(MemoryReceipt::id).toList()))
                .hasSize(1);
    }

    @Test
    @Proves({"M2", "M1"})
    void draftsOfOneCallAreComparedWithEachOther(Kit kit) {
        Memory memory = memory(kit.namespace());

        List<MemoryReceipt> receipts = memory.write(List.of(
                MemoryDraft.of("one two three").source("a"),
                MemoryDraft.of("one two three").source("b"),
                MemoryDraft.of("something else entirely").source("a")));

        assertThat(receipts)
                .extracting(MemoryReceipt::decision)
                .containsExactly(Decision.ADDED, Decision.CONFIRMED, Decision.ADDED);
        assertThat(receipts.get(1).id()).isEqualTo(receipts.get(0).id());
    }

    @Test
    @Proves("M3")
    void contradictionsAreLinkedAndLowerUnlessTheWeakAttackTheStrong(Kit kit) {
        Namespace namespace = kit.namespace();
        MemoryConfig judging = CONFIG.withJudge((statement, known) ->
                statement.contains("not") != known.contains("not") ? OptionalDouble.of(0.8) : OptionalDouble.empty());
        Memory memory = new Memory(namespace, judging);
        namespace.graph().addEvidence("strong", 200, 0);
        UUID open = memory.write(
                        MemoryDraft.of("the door is open today").labels("door").source("guest"))
                .id();
        UUID firm = memory.write(MemoryDraft.of("the gate is closed today")
                        .labels("gate")
                        .source("strong"))
                .id();
        UUID other = memory.write(MemoryDraft.of("the window is open today")
                        .labels("window")
                        .source("guest"))
                .id();

        MemoryReceipt attack = memory.write(
                MemoryDraft.of("the door is not open").labels("door").source("guest2"));
        assertThat(attack.contradicts()).containsExactly(open);
        assertThat(namespace.graph().get(open).orElseThrow().confidence())
                .isCloseTo(0.5 * (1 - 0.3 * 0.8 * 0.5), EXACT);
        assertThat(namespace
                        .graph()
                        .edges(EdgeQuery.of(Direction.OUTGOING, attack.id()))
                        .items())
                .singleElement()
                .satisfies(edge -> {
                    assertThat(edge.type()).isEqualTo(Relation.CONTRADICTS);
                    assertThat(edge.weight()).isEqualTo(0.8);
                });
        MemoryReceipt weak = memory.write(
                MemoryDraft.of("the gate is not closed").labels("gate").source("guest3"));
        assertThat(weak.contradicts()).containsExactly(firm);
        assertThat(namespace.graph().get(firm).orElseThrow().version()).isEqualTo(1);
        assertThat(namespace.graph().get(other).orElseThrow().version()).isEqualTo(1);
    }
}
