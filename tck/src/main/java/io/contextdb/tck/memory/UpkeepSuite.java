package io.contextdb.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Namespace;
import io.contextdb.memory.Cascade;
import io.contextdb.memory.Feedback;
import io.contextdb.memory.Memory;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryMode;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.memory.MemorySettings;
import io.contextdb.memory.Recall;
import io.contextdb.memory.RetractionReport;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.List;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Keeping memories: settings, feedback, retraction, forgetting. */
@Needs({Capability.GRAPH, Capability.VECTORS, Capability.EVENTS, Capability.DOCUMENTS})
public abstract class UpkeepSuite {
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

    private static List<UUID> ids(Recall recall) {
        return recall.items().stream().map(item -> item.node().id()).toList();
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
}
