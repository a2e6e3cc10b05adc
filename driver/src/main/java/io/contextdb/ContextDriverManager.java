package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.BackendProvider;
import java.util.Collection;
import java.util.List;
import java.util.Properties;

/**
 * Opens connections by URL, as {@code java.sql.DriverManager} does. Each connection has a store of its own, closed with it; an
 * application that opens several uses a {@link ContextDataSource}. Thread-safe.
 */
public final class ContextDriverManager {
    private ContextDriverManager() {}

    /**
     * Opens a connection.
     *
     * @throws io.contextdb.spi.error.ContextException if the URL is wrong, no backend knows its scheme, or the store cannot
     *     be opened
     */
    public static ContextConnection getConnection(String url) {
        return getConnection(url, new Properties());
    }

    /**
     * Opens a connection with further options, for example secrets that should not stand in a URL; those of the URL win. What
     * neither has is looked up in the environment, as {@code CONTEXTDB_}, the scheme and the option's name in upper case with {@code _}
     * for every other character ({@code CONTEXTDB_POSTGRESQL_PASSWORD}), then without the scheme, and then in
     * {@code contextdb.properties} on the class path, as {@code scheme.option = value}. For a part of {@code contextdb:scaled:} it is looked
     * up as {@code CONTEXTDB_SCALED_KEYS_PASSWORD} or {@code scaled.keys.password}, with the option that names the part, then by its scheme, and
     * never without either.
     */
    public static ContextConnection getConnection(String url, Properties options) {
        ContextDataSource.Builder builder = ContextDataSource.builder(url);
        Arguments.required("options", options)
                .stringPropertyNames()
                .forEach(name -> builder.option(name, options.getProperty(name)));
        return builder.build().soleConnection();
    }

    /** Returns the version of this driver. */
    public static String version() {
        return DriverVersion.VALUE;
    }

    /** Makes a backend known that is not found on the class path; it wins over a found one of its scheme. */
    public static void register(BackendProvider provider) {
        Arguments.text(
                "provider.scheme", Arguments.required("provider", provider).scheme());
        Providers.register(provider);
    }

    /** Forgets a registered backend. */
    public static void deregister(BackendProvider provider) {
        Arguments.text(
                "provider.scheme", Arguments.required("provider", provider).scheme());
        Providers.deregister(provider);
    }

    /** Returns the backends that are known, ordered by scheme. */
    public static List<BackendProvider> providers() {
        Collection<BackendProvider> all = Providers.all().values();
        return List.copyOf(all);
    }
}
