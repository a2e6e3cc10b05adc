package io.contextdb.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What outlives a drop, and for how long. */
class DroppedTest {
    private static final NamespaceName N = NamespaceName.of("n");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryStore store = new MemoryStore(() -> now.updateAndGet(before -> before.plusMillis(1)), () -> 0);
    private final MemoryBackend backend = new MemoryBackend(store, false, false, () -> {});

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private void apply(Mutation... mutations) {
        backend.apply(WriteBatch.of(N, List.of(mutations)), soon());
    }

    private static Mutation node(UUID id) {
        return new GraphMutation.PutNode(
                NodeDraft.of(id, NodeContent.builder().build()), Condition.none(), GraphMutation.Fingerprints.SHARED);
    }

    @Test
    void tombstonesAndOperationsOfADroppedNamespaceEndAfterSevenDays() {
        UUID id = UuidV7.next();
        WriteBatch batch = WriteBatch.of(N, List.of(KeyMutation.PutKey.of("k", Bytes.EMPTY)));
        apply(node(id));
        apply(new GraphMutation.Erase(List.of(id)));
        backend.apply(batch, soon());
        pass(Duration.ofDays(30));
        assertThatThrownBy(() -> apply(node(id))).isInstanceOf(InvalidRequestException.class);
        backend.namespaces().drop(N, soon());

        pass(Duration.ofDays(6));
        assertThatThrownBy(() -> apply(node(id))).isInstanceOf(InvalidRequestException.class);
        apply(KeyMutation.PutKey.of("other", Bytes.EMPTY));
        pass(Duration.ofHours(25));
        apply(KeyMutation.PutKey.of("other", Bytes.EMPTY));
        apply(node(id));
        backend.apply(batch, soon());
        assertThat(backend.keys().get(new ReadScope(N, soon(), CommitToken.NONE), List.of("k")))
                .hasSize(1);
    }

    @Test
    void aNamespaceThatNobodyWritesAgainIsForgottenAfterSevenDays() {
        apply(KeyMutation.PutKey.of("k", Bytes.EMPTY));
        backend.namespaces().drop(N, soon());
        assertThat(store.namespaces()).containsKey(N);
        NamespaceName other = NamespaceName.of("other");
        backend.apply(WriteBatch.of(other, List.of(KeyMutation.PutKey.of("k", Bytes.EMPTY))), soon());

        pass(Duration.ofDays(8));
        backend.namespaces().drop(other, soon());

        assertThat(store.namespaces()).containsOnlyKeys(other);
        apply(KeyMutation.PutKey.of("k", Bytes.EMPTY));
        assertThat(store.namespaces()).containsKey(N);
    }
}
