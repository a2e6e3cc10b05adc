package io.contextdb.spi.embedding;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.OptionDescriptor;
import java.util.List;

/** Opens embedders of one name; found by {@link java.util.ServiceLoader}. Thread-safe. */
public interface EmbedderProvider {
    /** Returns the name that configurations use, in lower case: {@code "minilm"}. */
    String name();

    /** Returns every option that it takes. */
    List<OptionDescriptor<?>> options();

    /** Opens the embedder. */
    Embedder open(BackendConfig config);
}
