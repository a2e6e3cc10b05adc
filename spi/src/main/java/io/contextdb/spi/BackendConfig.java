package io.contextdb.spi;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a backend is opened with: the parts of its URL, already checked against the provider's options, and objects that the
 * application owns. Immutable; its text shows no secret.
 */
public final class BackendConfig {
    private final String scheme;
    private final String location;
    private final Map<String, String> options;
    private final List<Object> resources;

    /**
     * Creates a configuration.
     *
     * @param scheme the URL's scheme
     * @param location what stands between the scheme and the options: a directory, {@code //host:port/database}, a name
     * @param options the options that were given, by name
     * @param resources objects that the application owns and lends (contract G13a): a {@code javax.sql.DataSource}, a
     *     channel; the backend never closes them
     */
    public BackendConfig(String scheme, String location, Map<String, String> options, List<Object> resources) {
        this.scheme = Check.text("url.scheme", scheme, 1, 64);
        this.location = Check.text("url.location", location, 0, 8192);
        this.options = Map.copyOf(Check.notNull("url.options", options));
        this.resources = Check.list("resources", resources, 64);
    }

    /** Returns the scheme. */
    public String scheme() {
        return scheme;
    }

    /** Returns what stands between the scheme and the options. */
    public String location() {
        return location;
    }

    /** Returns the location taken apart into user, password and address, for backends that connect to servers. */
    public NetworkLocation network() {
        return NetworkLocation.of(location);
    }

    /** Returns the value of an option, or its default; an option without either is an error that names it. */
    public <T> T get(OptionDescriptor<T> option) {
        String text = options.getOrDefault(option.name(), option.defaultText());
        if (text.isEmpty() && !option.secret() && !option.type().equals("text")) {
            throw new InvalidRequestException(option.name(), "must be set: " + option.description());
        }
        return option.parse(text);
    }

    /** Returns whether an option was given. */
    public boolean has(OptionDescriptor<?> option) {
        return options.containsKey(option.name());
    }

    /** Returns the objects that the application lends. */
    public List<Object> resources() {
        return resources;
    }

    /** Returns the first lent object of a type. */
    public <T> Optional<T> resource(Class<T> type) {
        return resources.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** Returns scheme, location and the names of the options, without values. */
    @Override
    public String toString() {
        return "BackendConfig[" + scheme + ", options " + new TreeMap<>(options).keySet() + "]";
    }
}
