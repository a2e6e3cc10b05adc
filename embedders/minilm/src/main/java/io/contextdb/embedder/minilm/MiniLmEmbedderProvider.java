package io.contextdb.embedder.minilm;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbedderProvider;
import java.util.List;

/** Opens {@link MiniLmEmbedder}s under the name {@code "minilm"}. */
public final class MiniLmEmbedderProvider implements EmbedderProvider {
    static final OptionDescriptor<Long> THREADS = OptionDescriptor.integer(
            "threads",
            Math.min(4, Runtime.getRuntime().availableProcessors()),
            1,
            64,
            "Texts that are embedded at the same time; the default is the number of processors, at most 4");

    @Override
    public String name() {
        return "minilm";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return List.of(THREADS);
    }

    /** Opens the embedder; the model is loaded by the first text. */
    @Override
    public Embedder open(BackendConfig config) {
        return new MiniLmEmbedder(Math.toIntExact(config.get(THREADS)));
    }
}
