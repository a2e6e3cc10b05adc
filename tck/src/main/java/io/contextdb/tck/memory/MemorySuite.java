package io.contextdb.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Namespace;
import io.contextdb.memory.Cascade;
import io.contextdb.memory.Decision;
import io.contextdb.memory.Feedback;
import io.contextdb.memory.Leg;
import io.contextdb.memory.LegReport;
import io.contextdb.memory.Memory;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryMode;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.memory.MemoryReceipt;
import io.contextdb.memory.MemorySettings;
import io.contextdb.memory.MemoryType;
import io.contextdb.memory.Recall;
import io.contextdb.memory.Recollection;
import io.contextdb.memory.Relation;
import io.contextdb.memory.RetractionReport;
import io.contextdb.memory.ScoreWeights;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Memory on top of the five models. */
@Needs({Capability.GRAPH, Capability.VECTORS, Capability.EVENTS, Capability.DOCUMENTS})
public abstract class MemorySuite {
    private static final WordEmbedder WORDS = new WordEmbedder("words", 256);
    private static final MemoryConfig CONFIG = MemoryConfig.none().withEmbedder(WORDS);
    private static final Offset<Double> EXACT = Offset.offset(1e-9);

    private static Memory memory(Namespace namespace) {
        return new Memory(namespace, CONFIG);
    }

    private static List<String> types(Namespace namespace) {
        return namespace
                .events()
                .readAll(EventQuery.after(EventPosition.START, 100))
                .map(Event::type)
                .toList();
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
        assertThat(event.appendedAt()).isEqualTo(node.revision().transaction().from());
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

    @Test
    @Proves({"M4", "M5"})
    void partsSumToTheScoreAndFollowTheMode(Kit kit) {
        for (MemoryMode mode : MemoryMode.values()) {
            Namespace namespace = kit.namespace();
            Memory memory = memory(namespace);
            memory.configure(MemorySettings.forModel(WORDS.model()).mode(mode));
            Instant at = Instant.now().plusSeconds(7_200);
            for (MemoryType type : MemoryType.values()) {
                memory.write(MemoryDraft.of("apples and " + type).type(type).confidence(0.25));
            }
            memory.write(MemoryDraft.of("apples untyped"));
            ScoreWeights weights = mode.weights().normalised();

            Recall recall = memory.retrieve(
                    MemoryQuery.of("apples").asOf(AsOf.validAt(at)).exactly());

            assertThat(recall.items()).hasSize(5);
            for (Recollection item : recall.items()) {
                assertThat(item.parts().sum()).isCloseTo(item.score(), EXACT);
                assertThat(item.parts().similarity()).isCloseTo(weights.similarity() * item.similarity(), EXACT);
                assertThat(item.parts().confidence())
                        .isCloseTo(weights.confidence() * item.node().confidence(), EXACT);
                assertThat(item.parts().utility()).isCloseTo(weights.utility() * 0.5, EXACT);
                double alpha = item.type().map(MemoryType::decayPerHour).orElse(mode.decayPerHour());
                assertThat(item.parts().recency())
                        .isCloseTo(weights.recency() * Math.exp(-alpha * 2), Offset.offset(0.01));
            }
            assertThat(recall.items()).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
        }
        assertThat(MemoryMode.GENERAL.weights()).isEqualTo(new ScoreWeights(.40, .30, .20, .10));
        assertThat(MemoryMode.BELIEF_SYSTEM.weights()).isEqualTo(new ScoreWeights(.30, .45, .20, .05));
        assertThat(MemoryMode.AGENT_MEMORY.weights()).isEqualTo(new ScoreWeights(.35, .20, .25, .20));
        assertThat(MemoryMode.PROCEDURAL.weights()).isEqualTo(new ScoreWeights(.40, .40, .15, .05));
    }

    @Test
    @Proves({"M4", "M4a", "N3"})
    void retrievalSeesTheTimeThatIsAskedFor(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        Instant january = Instant.parse("2026-01-01T00:00:00Z");
        Instant march = Instant.parse("2026-03-01T00:00:00Z");
        UUID old = memory.write(MemoryDraft.of("the chief is anna").valid(Interval.between(january, march)))
                .id();
        UUID current = memory.write(MemoryDraft.of("the chief is berta").valid(Interval.from(march)))
                .id();
        Instant before = namespace
                .graph()
                .get(current)
                .orElseThrow()
                .revision()
                .transaction()
                .from();
        memory.retract(current, "she left", Cascade.NONE);

        assertThat(ids(memory.retrieve(MemoryQuery.of("chief").asOf(AsOf.validAt(january)))))
                .containsExactly(old);
        assertThat(ids(memory.retrieve(MemoryQuery.of("chief")))).isEmpty();
        assertThat(ids(memory.retrieve(MemoryQuery.of("chief").asOf(AsOf.of(march.plusSeconds(60), before)))))
                .containsExactly(current);
    }

    private static List<UUID> ids(Recall recall) {
        return recall.items().stream().map(item -> item.node().id()).toList();
    }

    @Test
    @Proves("M4a")
    void everyLegHonoursTheFilter(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        UUID seen =
                memory.write(MemoryDraft.of("pears are green").labels("public")).id();
        UUID hidden = memory.write(MemoryDraft.of("pears are secretly blue").labels("private"))
                .id();
        UUID linked = memory.write(
                        MemoryDraft.of("unrelated words here").labels("private").relation("to", seen, 1))
                .id();
        UUID reached = memory.write(MemoryDraft.of("totally different topic")
                        .labels("public")
                        .relation("to", seen, 1))
                .id();

        Recall recall = memory.retrieve(MemoryQuery.of("pears").where(Filter.label("public")));

        assertThat(ids(recall)).contains(seen, reached).doesNotContain(hidden, linked);
        assertThat(memory.retrieve(MemoryQuery.of("pears").where(Filter.eq(Field.source(), "nobody")))
                        .items())
                .isEmpty();
    }

    @Test
    @Proves("M4a")
    void walksStartFromHitsAndSeedsAndSimilarityIsTheSameOnEveryLeg(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        UUID seed = memory.write(MemoryDraft.of("quite another thing")).id();
        UUID behind = memory.write(MemoryDraft.of("plums maybe").relation("to", seed, 0.9))
                .id();

        Recall seeded =
                memory.retrieve(MemoryQuery.of("zzz").seeds(List.of(seed)).k(5));
        assertThat(ids(seeded)).contains(seed, behind);
        Recall walking = memory.retrieve(MemoryQuery.of("plums"));
        Recall direct = memory.retrieve(MemoryQuery.of("plums").withoutWalk());
        assertThat(similarityOf(walking, behind)).isCloseTo(similarityOf(direct, behind), EXACT);
        assertThat(direct.legs())
                .filteredOn(leg -> leg.leg() == Leg.WALK)
                .extracting(LegReport::status)
                .containsExactly(LegReport.Status.NOT_RUN);
    }

    @Test
    @Proves({"M4", "M4a"})
    void walksFindWhatNoOtherLegFinds(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        UUID best = memory.write(MemoryDraft.of("pears").asIs()).id();
        for (int i = 0; i < 60; i++) {
            memory.write(MemoryDraft.of("pears and more of them").asIs());
        }
        UUID behind = memory.write(
                        MemoryDraft.of("nothing in common").asIs().confidence(1).relation("to", best, 1))
                .id();

        Recall recall = memory.retrieve(MemoryQuery.of("pears").weights(new ScoreWeights(0, 1, 0, 0)));

        assertThat(recall.items().get(0).node().id()).isEqualTo(behind);
        assertThat(recall.items().get(0).ranks()).containsOnlyKeys(Leg.WALK);
    }

    private static double similarityOf(Recall recall, UUID id) {
        return recall.items().stream()
                .filter(item -> item.node().id().equals(id))
                .findFirst()
                .orElseThrow()
                .similarity();
    }

    @Test
    @Proves("M4a")
    void diversityBringsInWhatTheScoresAloneLeaveOut(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        for (int i = 0; i < 6; i++) {
            memory.write(MemoryDraft.of("tea tea tea tea tea tea tea tea green leaf")
                    .property("i", i)
                    .asIs());
        }
        UUID different = memory.write(
                        MemoryDraft.of("tea from coffee shops with sugar").asIs())
                .id();

        assertThat(ids(memory.retrieve(MemoryQuery.of("tea").k(2).withoutWalk())))
                .doesNotContain(different);
        assertThat(ids(memory.retrieve(MemoryQuery.of("tea").k(2).diversity(0.6).withoutWalk())))
                .contains(different);
    }

    @Test
    @Proves("M5")
    void settingsHoldForEveryClient(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        MemorySettings settings = MemorySettings.forModel(WORDS.model()).mode(MemoryMode.BELIEF_SYSTEM);
        memory.configure(settings);
        memory.configure(settings);
        memory.write(MemoryDraft.of("something"));

        assertThat(memory.settings()).contains(settings);
        assertThatThrownBy(() -> memory.configure(settings.mode(MemoryMode.GENERAL)))
                .isInstanceOf(InvalidRequestException.class);
        for (WordEmbedder other : List.of(new WordEmbedder("other", 256), new WordEmbedder("words", 128))) {
            Memory wrong = new Memory(namespace, MemoryConfig.none().withEmbedder(other));
            assertThatThrownBy(() -> wrong.write(MemoryDraft.of("x")))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("words")
                    .hasMessageContaining("256");
            assertThatThrownBy(() -> wrong.retrieve(MemoryQuery.of("x"))).isInstanceOf(InvalidRequestException.class);
        }
        assertThatThrownBy(() -> memory.write(MemoryDraft.of("x").vector(Vector.of(1, 2))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("dimensions");
    }

    @Test
    @Needs(Capability.TEXT_SEARCH)
    @Proves({"M1", "M4", "M8"})
    void withoutAnEmbedderWordsStillFind(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = new Memory(namespace, MemoryConfig.none());
        UUID id = memory.write(MemoryDraft.of("the quick brown fox")).id();
        memory.write(MemoryDraft.of("a lazy dog"));

        Recall recall = memory.retrieve(MemoryQuery.of("fox"));

        assertThat(ids(recall)).containsExactly(id);
        assertThat(recall.items().get(0).similarity()).isEqualTo(1);
        assertThat(recall.legs())
                .filteredOn(leg -> leg.leg() == Leg.VECTOR)
                .extracting(LegReport::status)
                .containsExactly(LegReport.Status.NOT_RUN);
        assertThat(recall.partial()).isFalse();
    }

    @Test
    @Needs(Capability.EXACT_SEARCH)
    @Proves("M6")
    void rankingIsTheSameEveryTime(Kit kit) {
        List<List<String>> rankings = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Namespace namespace = kit.namespace();
            Memory memory = memory(namespace);
            Instant from = Instant.parse("2026-01-01T00:00:00Z");
            List<MemoryDraft> drafts = IntStream.range(0, 80)
                    .mapToObj(i -> MemoryDraft.of("topic" + i % 9 + " word" + i % 13 + " item" + i)
                            .id(new UUID(9, i))
                            .confidence((i % 10) / 10.0)
                            .valid(Interval.from(from.plusSeconds(3_600L * i))))
                    .toList();
            memory.write(drafts);
            rankings.add(memory
                    .retrieve(MemoryQuery.of("topic3 word5")
                            .k(30)
                            .asOf(AsOf.validAt(from.plusSeconds(3_600L * 100)))
                            .exactly())
                    .items()
                    .stream()
                    .map(Recollection::text)
                    .toList());
        }
        assertThat(rankings.get(0)).hasSize(30).isEqualTo(rankings.get(1));
    }

    @Test
    @Proves("M7")
    void feedbackAppendsVersionAndEventAndMovesTheSource(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        UUID id = memory.write(MemoryDraft.of("it will rain").source("radio")).id();

        assertThat(memory.feedback(id, Feedback.VALIDATED)).isEqualTo(2);
        assertThat(namespace.graph().get(id).orElseThrow().confidence()).isCloseTo(0.6, EXACT);
        assertThat(namespace.graph().source("radio").orElseThrow().alpha()).isEqualTo(2);
        memory.feedback(id, Feedback.REFUTED);
        assertThat(namespace.graph().get(id).orElseThrow().confidence()).isCloseTo(0.3, EXACT);
        assertThat(namespace.graph().source("radio").orElseThrow().beta()).isEqualTo(2);
        memory.feedback(id, Feedback.USEFUL);
        double useful =
                memory.retrieve(MemoryQuery.of("rain")).items().get(0).parts().utility();
        memory.feedback(id, Feedback.STALE);
        assertThat(memory.retrieve(MemoryQuery.of("rain"))
                        .items()
                        .get(0)
                        .parts()
                        .utility())
                .isLessThan(useful);
        assertThat(types(namespace))
                .containsExactly(
                        "memory.written", "memory.feedback", "memory.feedback", "memory.feedback", "memory.feedback");
        assertThatThrownBy(() -> memory.feedback(UUID.randomUUID(), Feedback.USEFUL))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    @Proves({"M7", "G13"})
    void concurrentFeedbackIsNotLost(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID id = memory(namespace).write(MemoryDraft.of("contested")).id();

        kit.together(4, i -> memory(namespace).feedback(id, Feedback.USEFUL));

        assertThat(namespace.graph().get(id).orElseThrow().version()).isEqualTo(5);
    }

    @Test
    @Proves("M7a")
    void retractionCascadesToWhatLostItsSupport(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        UUID evidence = memory.write(MemoryDraft.of("evidence one").asIs()).id();
        UUID other = memory.write(MemoryDraft.of("evidence two").asIs()).id();
        UUID only = memory.write(MemoryDraft.of("follows from one").asIs().derivedFrom(evidence))
                .id();
        UUID both = memory.write(MemoryDraft.of("follows from both")
                        .asIs()
                        .derivedFrom(evidence)
                        .derivedFrom(other))
                .id();
        UUID further = memory.write(MemoryDraft.of("follows from that").asIs().derivedFrom(only))
                .id();

        RetractionReport dry = memory.retract(evidence, "forged", Cascade.DRY_RUN);
        assertThat(dry.applied()).isFalse();
        assertThat(dry.retracted()).containsExactly(evidence, only, further);
        assertThat(dry.lowered()).containsExactly(both);
        assertThat(namespace.graph().get(evidence).orElseThrow().version()).isEqualTo(1);

        RetractionReport done = memory.retract(evidence, "forged", Cascade.APPLY);
        assertThat(done).isEqualTo(new RetractionReport(dry.retracted(), dry.lowered(), true));
        assertThat(namespace.graph().get(List.of(evidence, only, further, both), AsOf.now()))
                .extracting(Node::id)
                .containsExactly(both);
        Node lowered = namespace.graph().get(both).orElseThrow();
        assertThat(lowered.confidence()).isLessThan(0.5);
        assertThat(lowered.properties()
                        .map("memory")
                        .orElse(PropertyMap.empty())
                        .asMap())
                .containsKey("supportLost");
    }

    @Test
    @Needs(Capability.ERASURE)
    @Proves("N6")
    void forgettingASourceErasesItsMemories(Kit kit) {
        Namespace namespace = kit.namespace();
        Memory memory = memory(namespace);
        for (int i = 0; i < 5; i++) {
            memory.write(MemoryDraft.of("secret number " + i).source("informer").asIs());
        }
        UUID stays =
                memory.write(MemoryDraft.of("public number").source("paper")).id();
        UUID retracted = memory.write(
                        MemoryDraft.of("old secret").source("informer").asIs())
                .id();
        memory.retract(retracted, "r", Cascade.NONE);

        assertThat(memory.forget("informer")).isEqualTo(6);
        assertThat(ids(memory.retrieve(MemoryQuery.of("number")))).containsExactly(stays);
        assertThat(namespace.graph().history(retracted)).isEmpty();
    }

    @Test
    @Proves("M8")
    void aFailingLegIsAnErrorUnlessPartialAnswersAreTaken(Kit kit) {
        Namespace namespace = kit.namespace();
        memory(namespace).write(MemoryDraft.of("grapes are sweet"));
        // A vector of another length fails the vector leg, and only that.
        Memory plain = new Memory(namespace, MemoryConfig.none());
        MemoryQuery query = MemoryQuery.of("grapes").vector(Vector.of(1, 2, 3));

        assertThatThrownBy(() -> plain.retrieve(query)).isInstanceOf(InvalidRequestException.class);
        if (kit.info().offers(Capability.TEXT_SEARCH)) {
            Recall recall = plain.retrieve(query.withoutWalk().allowPartial());
            assertThat(recall.partial()).isTrue();
            assertThat(recall.legs()).anySatisfy(leg -> {
                assertThat(leg.leg()).isEqualTo(Leg.VECTOR);
                assertThat(leg.status()).isEqualTo(LegReport.Status.FAILED);
                assertThat(leg.detail()).contains("dimensions");
            });
            assertThat(recall.items()).hasSize(1);
        }
    }
}
