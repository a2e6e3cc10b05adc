package io.contextdb.tck;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.ContextDriverManager;
import io.contextdb.ContextUrl;
import io.contextdb.Namespace;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.value.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A store that was opened by the driver, with its backend, which the driver keeps to itself. */
public final class OpenedStore implements AutoCloseable {
    private final ContextDataSource source;
    private final Backend backend;

    private OpenedStore(ContextDataSource source, Backend backend) {
        this.source = source;
        this.backend = backend;
    }

    /** Opens the store of a URL with further options. */
    public static OpenedStore open(String url, Map<String, String> options) {
        ContextDataSource.Builder builder = ContextDataSource.builder(url);
        options.forEach(builder::option);
        BackendProvider provider = provider(url)
                .orElseThrow(() -> new IllegalArgumentException("no backend of the scheme is on the class path"));
        // Of two providers at a time only one would be told of a backend.
        synchronized (OpenedStore.class) {
            Keeping keeping = new Keeping(provider);
            ContextDriverManager.register(keeping);
            try {
                ContextDataSource source = builder.build();
                return new OpenedStore(source, Objects.requireNonNull(keeping.opened.get(), "opened"));
            } finally {
                ContextDriverManager.deregister(keeping);
                if (provider(url)
                        .filter(found -> found.getClass() == provider.getClass())
                        .isEmpty()) {
                    // It was not found but registered, and gave way to ours.
                    ContextDriverManager.register(provider);
                }
            }
        }
    }

    /** Returns whether stores of a URL's scheme take an option. */
    public static boolean takes(String url, String option) {
        return provider(url).stream()
                .flatMap(provider -> provider.options().stream())
                .anyMatch(declared -> declared.name().equals(option));
    }

    private static Optional<BackendProvider> provider(String url) {
        String scheme = ContextUrl.parse(url).scheme();
        return ContextDriverManager.providers().stream()
                .filter(provider -> provider.scheme().equals(scheme))
                .findFirst();
    }

    /** Returns the driver's side of the store. */
    public ContextDataSource source() {
        return source;
    }

    /** Returns the store's side. */
    public Backend backend() {
        return backend;
    }

    @Override
    public void close() {
        source.close();
    }

    /** A provider that keeps what it opens. */
    private static final class Keeping implements BackendProvider {
        private final BackendProvider provider;
        private final AtomicReference<@Nullable Backend> opened = new AtomicReference<>();

        Keeping(BackendProvider provider) {
            this.provider = provider;
        }

        @Override
        public String scheme() {
            return provider.scheme();
        }

        @Override
        public String description() {
            return provider.description();
        }

        @Override
        public List<OptionDescriptor<?>> options() {
            return provider.options();
        }

        @Override
        public Backend open(BackendConfig config) {
            Backend backend = provider.open(config);
            opened.compareAndSet(null, backend);
            return backend;
        }
    }

    /** Opens the store of a test a second time; skips the test where each opening of the URL is a store of its own. */
    public static OpenedStore again(Kit kit) {
        Namespace probe = kit.namespace();
        probe.keys().put("opened", Bytes.utf8("once"));
        OpenedStore opened = open(kit.url(), Map.of());
        boolean shared;
        try (ContextConnection connection = opened.source().getConnection()) {
            shared = connection.namespace(probe.name()).keys().get("opened").isPresent();
        }
        if (!shared) {
            opened.close();
        }
        Assumptions.assumeTrue(shared, "each opening of the URL is a store of its own");
        return opened;
    }
}
