package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.journal.Participant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens several stores as one. */
public final class ScaledProvider implements BackendProvider {
    /** Opens the store of a URL, given without {@code contextdb:}. */
    public interface Opener {
        /**
         * Opens a store.
         *
         * @param option the option of this URL that names it, for errors
         * @param url the URL
         * @param extra options beside those of the URL, which must not say otherwise; "create" only where the store has it
         * @param resources objects that the application lends
         */
        Backend open(String option, String url, Map<String, String> extra, List<Object> resources);
    }

    /** The options that name stores. */
    public static final List<String> PARTS = List.of(
            ScaledSettings.GRAPH.name(),
            ScaledSettings.KEYS.name(),
            ScaledSettings.EVENTS.name(),
            ScaledSettings.VECTORS.name());

    private final Opener opener;

    /** Creates the provider. */
    public ScaledProvider(Opener opener) {
        this.opener = opener;
    }

    @Override
    public String scheme() {
        return "scaled";
    }

    @Override
    public String description() {
        return "Several stores as one: contextdb:scaled:?graph=postgresql://…&vectors=qdrant://…&keys=redis://…&events=redis://…"
                + " The store of the graph decides, and holds what no other is named for.";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return ScaledSettings.ALL;
    }

    @Override
    public Backend open(BackendConfig config) {
        if (!config.location().isEmpty()) {
            throw new InvalidRequestException(
                    "url", "contextdb:scaled: takes options only, as in contextdb:scaled:?graph=postgresql://…");
        }
        ScaledSettings settings = new ScaledSettings(config);
        Opening opening = new Opening(config);
        try {
            Backend source = opening.open(ScaledSettings.GRAPH.name(), settings.graph(), settings.demandedOfSource());
            if (source.journal().isEmpty()) {
                throw new UnsupportedCapabilityException(
                        "a journal, which the graph's store must keep", product(source));
            }
            Home keys = opening.home(ScaledSettings.KEYS.name(), settings.keys());
            Home events = opening.home(ScaledSettings.EVENTS.name(), settings.events());
            @Nullable
            Backend vectors = settings.vectors().isEmpty()
                    ? null
                    : opening.open(ScaledSettings.VECTORS.name(), settings.vectors(), Map.of());
            if (vectors != null && vectors.projection().isEmpty()) {
                throw new UnsupportedCapabilityException("a copy of another store's vectors", product(vectors));
            }
            return new ScaledBackend(new Stores(source, keys, events, vectors), settings);
        } catch (RuntimeException failed) {
            opening.close();
            throw failed;
        }
    }

    private static String product(Backend backend) {
        return backend.info().product();
    }

    /** The stores that were opened so far, to be closed again if another cannot be; one that is named twice is opened once. */
    private final class Opening {
        private final BackendConfig config;
        private final Map<String, Backend> byUrl = new HashMap<>();
        private final Map<Backend, Home> homes = new HashMap<>();
        private final Deque<Backend> opened = new ArrayDeque<>();

        Opening(BackendConfig config) {
            this.config = config;
        }

        Backend open(String option, String url, Map<String, String> extra) {
            Backend known = byUrl.get(url);
            if (known != null) {
                return known;
            }
            Map<String, String> demanded = new HashMap<>(extra);
            if (!config.get(ScaledSettings.CREATE)) {
                demanded.put(ScaledSettings.CREATE.name(), "false");
            }
            Backend backend = opener.open(option, url, demanded, config.resources());
            opened.push(backend);
            byUrl.put(url, backend);
            return backend;
        }

        @Nullable
        Home home(String option, String url) {
            if (url.isEmpty()) {
                return null;
            }
            Backend backend = open(option, url, Map.of("home", "true"));
            Home known = homes.get(backend);
            if (known != null) {
                return known;
            }
            Participant participant = backend.participant()
                    .orElseThrow(() -> new UnsupportedCapabilityException(
                            "taking part in batches that another store decides", product(backend)));
            Home home = new Home(option, backend, participant);
            homes.put(backend, home);
            return home;
        }

        void close() {
            opened.forEach(Backend::close);
        }
    }
}
