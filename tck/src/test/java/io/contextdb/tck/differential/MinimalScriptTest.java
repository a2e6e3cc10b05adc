package io.contextdb.tck.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.tck.Defective;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The comparison sees defects, and shows each by a script of few steps. */
class MinimalScriptTest {
    private static final Set<Capability> MODELS = Set.of(Capability.KEYS, Capability.GRAPH, Capability.EVENTS);

    @Test
    void aScanThatLosesItsLastKeyNeedsOnePut() {
        Optional<Comparison.Difference> difference = difference((name, arguments, real) -> {
            Object answer = real.with(arguments);
            return name.equals("KeyReader.scan")
                            && answer instanceof Page<?> page
                            && !page.items().isEmpty()
                    ? Page.last(page.items().subList(0, page.items().size() - 1))
                    : answer;
        });

        assertThat(difference).isPresent();
        assertThat(difference.get().java().lines().filter(line -> line.contains(".add(")))
                .hasSize(1);
        assertThat(difference.get().java()).contains(".keys().scan(").doesNotContain("graph()");
    }

    @Test
    void aTimeToLiveThatIsLostNeedsOnePutOrTwo() {
        Optional<Comparison.Difference> difference = difference((name, arguments, real) -> {
            if (name.equals("Backend.apply")) {
                WriteBatch batch = (WriteBatch) arguments[0];
                List<Mutation> changed = batch.mutations().stream()
                        .map(MinimalScriptTest::withoutTtl)
                        .toList();
                arguments[0] = new WriteBatch(batch.namespace(), batch.operationId(), changed);
            }
            return real.with(arguments);
        });

        assertThat(difference).isPresent();
        assertThat(difference.get().java().lines().filter(line -> line.contains(".add(")))
                .hasSizeBetween(1, 2);
        assertThat(difference.get().java()).contains("expiringAfter");
    }

    private static Mutation withoutTtl(Mutation mutation) {
        return mutation instanceof KeyMutation.PutKey put && put.ttl().isPresent()
                ? KeyMutation.PutKey.of(put.key(), put.value())
                        .onlyIf(put.condition())
                        .about(put.subject())
                : mutation;
    }

    @Test
    void aWalkOfOneHopTooManyNeedsAnEdge() {
        Optional<Comparison.Difference> difference = difference(
                (name, arguments, real) -> {
                    if (name.equals("GraphReader.walk")) {
                        WalkQuery walk = (WalkQuery) arguments[1];
                        arguments[1] = new WalkQuery(
                                walk.seeds(),
                                walk.direction(),
                                walk.types(),
                                walk.minWeight(),
                                walk.maxDepth() + 1,
                                walk.limit(),
                                walk.asOf(),
                                walk.strategy());
                    }
                    return real.with(arguments);
                },
                Set.of(Capability.GRAPH),
                500);

        assertThat(difference).isPresent();
        assertThat(difference.get().java()).contains("PutEdge").contains("graph().walk(");
        // Two nodes and an edge; as many again where the walk's time is that of another batch, which must not be
        // refused.
        assertThat(difference.get().java().lines().filter(line -> line.contains(".add(")))
                .as(difference.get().java())
                .hasSizeBetween(3, 6);
    }

    @Test
    void theMemoryBackendDoesNotDifferFromItself() {
        assertThat(difference((name, arguments, real) -> real.with(arguments), MODELS, 20))
                .isEmpty();
    }

    private static Optional<Comparison.Difference> difference(Defective.Defect defect) {
        return difference(defect, MODELS, 500);
    }

    private static Optional<Comparison.Difference> difference(
            Defective.Defect defect, Set<Capability> models, int seeds) {
        AtomicInteger names = new AtomicInteger();
        try (ContextDataSource wrong = ContextDataSource.open(Defective.url(defect));
                ContextDataSource right = ContextDataSource.open("contextdb:memory:");
                ContextConnection connection = wrong.getConnection();
                ContextConnection reference = right.getConnection()) {
            Comparison comparison = new Comparison(connection, reference, () -> "n" + names.incrementAndGet());
            Optional<Comparison.Difference> found = Optional.empty();
            for (long seed = 1; seed <= seeds && found.isEmpty(); seed++) {
                found = comparison.first(seed, 100, models);
            }
            return found;
        }
    }
}
