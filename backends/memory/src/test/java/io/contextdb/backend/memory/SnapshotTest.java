package io.contextdb.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    private static final NamespaceName NAMESPACE = NamespaceName.of("snapshots");

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private static ReadScope scope() {
        return new ReadScope(NAMESPACE, soon(), CommitToken.NONE);
    }

    private static Mutation put(UUID id) {
        return new GraphMutation.PutNode(
                NodeDraft.of(id, NodeContent.builder().build()), Condition.none(), GraphMutation.Fingerprints.SHARED);
    }

    private static MemoryBackend open() {
        return new MemoryBackend(new MemoryStore(), false, false, () -> {});
    }

    @Test
    void readersSeeWholeBatchesOnly() {
        try (MemoryBackend backend = open()) {
            List<UUID> ids = Stream.generate(UuidV7::next).limit(50).toList();
            List<Mutation> puts = ids.stream().map(SnapshotTest::put).toList();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 200; i++) {
                    backend.apply(WriteBatch.of(NAMESPACE, puts), soon());
                }
            });
            while (!writer.isDone()) {
                assertThat(backend.graph().get(scope(), ids).stream()
                                .map(Node::version)
                                .distinct())
                        .hasSizeLessThanOrEqualTo(1);
            }
            writer.join();
        }
    }

    @Test
    void aFailedBatchLeavesNothing() {
        try (MemoryBackend backend = open()) {
            UUID id = UuidV7.next();
            Mutation dangling = new GraphMutation.PutEdge(
                    EdgeDraft.of(EdgeContent.of(id, "knows", UuidV7.next())), Condition.none());
            assertThatThrownBy(() -> backend.apply(WriteBatch.of(NAMESPACE, List.of(put(id), dangling)), soon()))
                    .isInstanceOf(ContextException.class);
            assertThat(backend.graph().get(scope(), List.of(id))).isEmpty();
        }
    }

    @Test
    void commitsAreLaterThanEveryServedInstant() {
        Instant frozen = Instant.parse("2026-01-01T00:00:00Z");
        TransactionClock clock = new TransactionClock(InstantSource.fixed(frozen), () -> 0);
        clock.reach(frozen);
        assertThat(clock.tick()).isAfter(frozen);
        assertThat(clock.tick()).isAfter(frozen.plusNanos(1_000));
        clock.reach(frozen.plusSeconds(60));
        assertThat(clock.tick()).isBefore(frozen.plusSeconds(1));
    }

    @Test
    void retractionResurrectsNothing() {
        try (MemoryBackend backend = open()) {
            UUID id = UuidV7.next();
            backend.apply(WriteBatch.of(NAMESPACE, List.of(put(id))), soon());
            Instant known = backend.apply(WriteBatch.of(NAMESPACE, List.of(put(id))), soon())
                    .committedAt();
            backend.apply(
                    WriteBatch.of(NAMESPACE, List.of(new GraphMutation.RetractNode(id, "wrong", Condition.none()))),
                    soon());
            assertThat(backend.graph().get(scope(), List.of(id), AsOf.now())).isEmpty();
            assertThat(backend.graph().get(scope(), List.of(id), AsOf.at(known)))
                    .extracting(Node::version)
                    .containsExactly(2L);
        }
    }

    @Test
    void largeBatchesAreFine() {
        try (MemoryBackend backend = open()) {
            List<UUID> ids = Stream.generate(UuidV7::next).limit(5_000).toList();
            List<Mutation> batch =
                    new ArrayList<>(ids.stream().map(SnapshotTest::put).toList());
            for (int i = 1; i < ids.size(); i++) {
                batch.add(new GraphMutation.PutEdge(
                        EdgeDraft.of(EdgeContent.of(ids.get(i - 1), "next", ids.get(i))), Condition.none()));
            }
            backend.apply(WriteBatch.of(NAMESPACE, batch), soon());
            assertThat(backend.namespaces().statistics(scope()).edges()).isEqualTo(4_999);
        }
    }

    @Test
    void namedStoresLiveUntilTheLastClose() {
        MemoryStore first = NamedStores.open("shared");
        assertThat(NamedStores.open("shared")).isSameAs(first);
        NamedStores.release("shared");
        NamedStores.release("shared");
        assertThat(NamedStores.open("shared")).isNotSameAs(first);
        NamedStores.release("shared");
    }
}
