package io.contextdb.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Namespace;
import io.contextdb.memory.Cascade;
import io.contextdb.memory.Leg;
import io.contextdb.memory.LegReport;
import io.contextdb.memory.Memory;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryMode;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.memory.MemorySettings;
import io.contextdb.memory.MemoryType;
import io.contextdb.memory.Recall;
import io.contextdb.memory.Recollection;
import io.contextdb.memory.ScoreWeights;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.vector.Vector;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Retrieving memories: legs, scores, times. */
@Needs({Capability.GRAPH, Capability.VECTORS, Capability.EVENTS, Capability.DOCUMENTS})
public abstract class RetrievalSuite {
    private static final WordEmbedder WORDS = new WordEmbedder("words", 256);

    private static final MemoryConfig CONFIG = MemoryConfig.none().withEmbedder(WORDS);

    private static final Offset<Double> EXACT = Offset.offset(1e-9);

    private static Memory memory(Namespace namespace) {
        return new Memory(namespace, CONFIG);
    }

    @Test
    @Proves({"M4", "M8", "G10"})
    void embeddingAndLegsShareOneDeadline(Kit kit) {
        Namespace namespace = kit.namespace();
        memory(namespace).write(MemoryDraft.of("apples"));
        Deadline deadline = Deadline.after(Duration.ofMillis(300));
        MemoryConfig late = MemoryConfig.none().withEmbedder(new LateEmbedder(WORDS));
        Memory bounded = new Memory(namespace.until(deadline), late);

        assertThatThrownBy(() -> bounded.retrieve(MemoryQuery.of("apples")))
                .isInstanceOf(ContextTimeoutException.class);
        assertThatThrownBy(() -> bounded.write(MemoryDraft.of("pears"))).isInstanceOf(ContextTimeoutException.class);

        // The connection's own time-out is long enough.
        assertThat(memory(namespace).retrieve(MemoryQuery.of("apples pears")).items())
                .extracting(Recollection::text)
                .containsExactly("apples");
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
