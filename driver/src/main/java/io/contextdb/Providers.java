package io.contextdb;

import io.contextdb.internal.scaled.ScaledProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbedderProvider;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The providers that are known: registered by the application, or found on the class path. Thread-safe. */
final class Providers {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);
    private static final Map<String, BackendProvider> REGISTERED = new ConcurrentSkipListMap<>();

    /** The option of stores that can be opened without making what is absent. */
    private static final String CREATE = "create";

    /** The one that is no store itself; it opens others by their schemes. */
    private static final BackendProvider SCALED = new ScaledProvider(Providers::openPart);

    private Providers() {}

    static void register(BackendProvider provider) {
        REGISTERED.put(provider.scheme(), provider);
    }

    static void deregister(BackendProvider provider) {
        REGISTERED.remove(provider.scheme(), provider);
    }

    /** Returns all providers by scheme; a registered one wins over a found one. */
    static Map<String, BackendProvider> all() {
        Map<String, BackendProvider> byScheme = new TreeMap<>();
        for (BackendProvider found : load(BackendProvider.class)) {
            byScheme.putIfAbsent(found.scheme(), found);
        }
        byScheme.putIfAbsent(SCALED.scheme(), SCALED);
        byScheme.putAll(REGISTERED);
        return byScheme;
    }

    static BackendProvider forScheme(String scheme) {
        Map<String, BackendProvider> all = all();
        BackendProvider provider = all.get(scheme);
        if (provider == null) {
            throw new InvalidRequestException(
                    "url",
                    "no backend for contextdb:" + scheme + ": is on the class path; add its jar (for ours,"
                            + " io.contextdb:contextdb-" + scheme + "). Found: "
                            + (all.isEmpty() ? "none" : String.join(", ", all.keySet())));
        }
        return provider;
    }

    /** Returns the options of a scheme's URLs that name stores of their own. */
    static List<String> parts(String scheme) {
        return scheme.equals(SCALED.scheme()) ? ScaledProvider.PARTS : List.of();
    }

    private static Backend openPart(String part, String url, Map<String, String> demanded, List<Object> resources) {
        ContextUrl given = ContextUrl.parse("contextdb:" + url);
        if (given.scheme().equals(SCALED.scheme())) {
            throw new InvalidRequestException(part, "must be a single store, is contextdb:scaled:");
        }
        BackendProvider provider = forScheme(given.scheme());
        List<OptionDescriptor<?>> declared = provider.options();
        Set<String> known = declared.stream().map(OptionDescriptor::name).collect(Collectors.toSet());
        Map<String, String> extra = new LinkedHashMap<>(demanded);
        if (!known.contains(CREATE)) {
            extra.remove(CREATE);
        }
        extra.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(missing -> {
                    throw new UnsupportedCapabilityException(missing, "contextdb:" + given.scheme() + ": as " + part);
                });
        // A value that is not the option's may be a part of a secret; none that is demanded takes free text.
        given.check(declared);
        extra.forEach((name, value) -> {
            String said = given.options().getOrDefault(name, value);
            if (!said.equals(value)) {
                throw new InvalidRequestException(
                        part, "says " + name + "=" + said + " in its URL; it is needed with " + name + "=" + value);
            }
        });
        ContextUrl complete = given.withDefaults(extra)
                .withDefaults(OptionDefaults.ofPart(given.scheme(), SCALED.scheme(), part)
                        .find(declared, System.getenv()));
        complete.check(declared);
        try {
            return provider.open(
                    new BackendConfig(complete.scheme(), complete.location(), complete.options(), resources));
        } catch (ContextException failed) {
            failed.locate(complete.redacted(), null);
            throw failed;
        }
    }

    /** Opens an embedder by the name of its provider. */
    static Embedder embedder(String name, Map<String, String> options) {
        List<EmbedderProvider> found = load(EmbedderProvider.class);
        for (EmbedderProvider provider : found) {
            if (provider.name().equals(name)) {
                List<OptionDescriptor<?>> declared = provider.options();
                ContextUrl.checkOptions("embedder " + name, options, declared);
                return provider.open(new BackendConfig(name, "", options, List.of()));
            }
        }
        throw new InvalidRequestException(
                "embedder",
                "no embedder '" + name + "' is on the class path; add its jar (for ours,"
                        + " io.contextdb:contextdb-embedder-" + name + "). Found: "
                        + (found.isEmpty()
                                ? "none"
                                : found.stream().map(EmbedderProvider::name).collect(Collectors.joining(", "))));
    }

    private static <S> List<S> load(Class<S> service) {
        Map<Class<?>, S> found = new LinkedHashMap<>();
        Collection<ServiceLoader<S>> loaders = new ArrayList<>();
        loaders.add(ServiceLoader.load(service, Thread.currentThread().getContextClassLoader()));
        loaders.add(ServiceLoader.load(service, Providers.class.getClassLoader()));
        for (ServiceLoader<S> loader : loaders) {
            for (S provider : loader) {
                if (found.putIfAbsent(provider.getClass(), provider) == null) {
                    LOG.debug(
                            "found {} {}",
                            service.getSimpleName(),
                            provider.getClass().getName());
                }
            }
        }
        return List.copyOf(found.values());
    }
}
