package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachingEmbedderTest {
    private record Ones(EmbeddingModel model, Runnable onCall) implements Embedder {
        @Override
        public List<Vector> embed(List<String> texts, Deadline deadline) {
            onCall.run();
            return texts.stream().map(text -> Vector.of(1, 1)).toList();
        }

        @Override
        public void close() {}
    }

    @Test
    void itsCallsOfTheStoreEndByTheDeadlineOfTheCaller() {
        ScriptedBackend backend = new ScriptedBackend();
        EmbeddingModel model = new EmbeddingModel("ones", 2, 1000);
        try (ContextDataSource source = backend.source().option("timeout", "5s").build()) {
            Keys keys = source.getConnection().namespace("n").keys();

            new CachingEmbedder(new Ones(model, () -> {}), keys)
                    .embed(List.of("a"), Deadline.after(Duration.ofMillis(700)));
            assertThat(backend.lastScope.deadline().remaining()).isLessThanOrEqualTo(Duration.ofMillis(700));

            Deadline soon = Deadline.after(Duration.ofMillis(300));
            assertThatThrownBy(() ->
                            new CachingEmbedder(new Ones(model, () -> pass(soon)), keys).embed(List.of("a"), soon))
                    .isInstanceOf(ContextTimeoutException.class);
        } finally {
            ContextDriverManager.deregister(backend);
        }
    }

    private static void pass(Deadline deadline) {
        while (!deadline.passed()) {
            Thread.onSpinWait();
        }
    }
}
