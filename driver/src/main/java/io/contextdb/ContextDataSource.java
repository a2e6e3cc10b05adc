package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.CallObserver;
import io.contextdb.internal.call.Session;
import io.contextdb.internal.call.Store;
import io.contextdb.memory.MemoryConfig;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.embedding.Embedder;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An open store that hands out connections, as {@code javax.sql.DataSource} does. Connections are light and share the store's
 * resources; closing the data source ends them all. Thread-safe.
 */
public final class ContextDataSource implements AutoCloseable {
    private static final OptionDescriptor<Duration> TIMEOUT = OptionDescriptor.duration(
            "timeout",
            Duration.ofSeconds(30),
            Duration.ofMillis(1),
            Duration.ofDays(1),
            "How long a call may take where it says nothing itself.");

    private final Store store;
    private final @Nullable Embedder ownedEmbedder;

    private ContextDataSource(Store store, @Nullable Embedder ownedEmbedder) {
        this.store = store;
        this.ownedEmbedder = ownedEmbedder;
    }

    /** Begins the configuration of a data source. */
    public static Builder builder(String url) {
        return new Builder(ContextUrl.parse(url));
    }

    /** Opens the store of a URL. */
    public static ContextDataSource open(String url) {
        return builder(url).build();
    }

    /** Returns the options that every URL takes, whatever its backend. */
    public static List<OptionDescriptor<?>> commonOptions() {
        return List.of(TIMEOUT);
    }

    /** Returns a connection. */
    public ContextConnection getConnection() {
        return new ContextConnection(Session.open(store), () -> {});
    }

    ContextConnection soleConnection() {
        return new ContextConnection(Session.open(store), this::close);
    }

    /** Returns the URL, its secrets hidden. */
    public String url() {
        return store.url().redacted();
    }

    /** Closes the store and ends every connection. Does nothing the second time. */
    @Override
    public void close() {
        store.close();
        if (ownedEmbedder != null) {
            ownedEmbedder.close();
        }
    }

    /** Collects what a data source is opened with. Not thread-safe. */
    public static final class Builder {
        private final ContextUrl url;
        private final Map<String, String> options = new TreeMap<>();
        private final List<Object> resources = new ArrayList<>();
        private MemoryConfig memory = MemoryConfig.none();
        private @Nullable String embedderName;
        private Map<String, String> embedderOptions = Map.of();
        private CallObserver observer = CallObserver.NONE;

        private Builder(ContextUrl url) {
            this.url = url;
        }

        /** Gives an option that the URL does not have. */
        public Builder option(String name, String value) {
            options.put(Arguments.text("option", name), Arguments.text("option " + name, value));
            return this;
        }

        /** Lends an object of the application's, such as a {@code javax.sql.DataSource}; it is never closed (G13a). */
        public Builder resource(Object lent) {
            resources.add(Arguments.required("resource", lent));
            return this;
        }

        /** Opens an embedder by name, for example {@code "minilm"}; it is closed with the data source. */
        public Builder embedder(String name) {
            return embedder(name, Map.of());
        }

        /** Opens an embedder by name, with options; it is closed with the data source. */
        public Builder embedder(String name, Map<String, String> withOptions) {
            embedderName = Arguments.text("embedder", name);
            embedderOptions = Arguments.options("embedder.options", withOptions);
            return this;
        }

        /** Lends an embedder, which is not closed. */
        public Builder embedder(Embedder lent) {
            embedderName = null;
            memory = memory.withEmbedder(Arguments.required("embedder", lent));
            return this;
        }

        /** Sets what memory works with: embedder, judge. */
        public Builder memory(MemoryConfig config) {
            memory = Arguments.required("memory", config);
            return this;
        }

        /**
         * Observes every call as {@code contextdb.call}, by operation, scheme and outcome: what the registry's handlers make of
         * that is a timer, a span, or both. Needs {@code io.micrometer:micrometer-observation} on the class path; a named module that
         * calls this requires {@code micrometer.observation} itself, so that all others do without.
         */
        @SuppressWarnings("exports")
        public Builder observations(ObservationRegistry registry) {
            observer = new CallObservations(Arguments.required("registry", registry));
            return this;
        }

        /**
         * Opens the store.
         *
         * @throws io.contextdb.spi.error.ContextException if an option is wrong, no backend knows the scheme, or the store
         *     cannot be opened
         */
        public ContextDataSource build() {
            BackendProvider provider = Providers.forScheme(url.scheme());
            List<OptionDescriptor<?>> declared = new ArrayList<>(commonOptions());
            declared.addAll(provider.options());
            ContextUrl complete = url.withDefaults(options)
                    .withDefaults(OptionDefaults.ofUrl(url.scheme(), Providers.parts(url.scheme()))
                            .find(declared, System.getenv()));
            complete.check(declared);
            BackendConfig config =
                    new BackendConfig(complete.scheme(), complete.location(), complete.options(), resources);
            Duration timeout = config.get(TIMEOUT);
            Embedder owned = embedderName == null ? null : Providers.embedder(embedderName, embedderOptions);
            Backend backend;
            try {
                backend = provider.open(config);
            } catch (RuntimeException failed) {
                if (owned != null) {
                    owned.close();
                }
                if (failed instanceof io.contextdb.spi.error.ContextException located) {
                    located.locate(complete.redacted(), null);
                }
                throw failed;
            }
            MemoryConfig config2 = owned == null ? memory : memory.withEmbedder(owned);
            return new ContextDataSource(new Store(backend, complete, timeout, config2, observer), owned);
        }
    }
}
