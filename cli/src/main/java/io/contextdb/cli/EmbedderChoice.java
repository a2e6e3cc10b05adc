package io.contextdb.cli;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbedderProvider;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The embedders that are there. */
public final class EmbedderChoice {
    /** The choice of no embedder: texts are found by their words. */
    public static final String NONE = "none";

    private EmbedderChoice() {}

    /** Returns the names of those that are there, in order. */
    public static List<String> names() {
        return ServiceLoader.load(EmbedderProvider.class).stream()
                .map(provider -> provider.get().name())
                .sorted()
                .toList();
    }

    static Embedder open(String name, Map<String, String> options) {
        for (EmbedderProvider provider : ServiceLoader.load(EmbedderProvider.class)) {
            if (provider.name().equals(name)) {
                check(provider, options);
                return provider.open(new BackendConfig(name, "", options, List.of()));
            }
        }
        throw new InvalidRequestException(
                "--embedder", "'" + name + "' is not there; choose one of " + String.join(", ", names()) + ", " + NONE);
    }

    private static void check(EmbedderProvider provider, Map<String, String> options) {
        List<String> known = provider.options().stream()
                .map(option -> option.name())
                .sorted()
                .collect(Collectors.toList());
        options.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidRequestException(
                            "--embedder-option",
                            "'" + name + "' is no option of " + provider.name() + "; it knows "
                                    + (known.isEmpty() ? "none" : String.join(", ", known)));
                });
    }
}
