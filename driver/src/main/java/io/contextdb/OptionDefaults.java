package io.contextdb;

import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What options are where neither the URL nor the application says: first the environment, then {@value #FILE} on the class path.
 *
 * <p>A variable is {@code CONTEXTDB_}, whom it is for, and the option's name, in upper case with {@code _} for what is no letter or digit:
 * {@code CONTEXTDB_SCALED_KEYS_PASSWORD} for the part {@code keys} of several stores, then {@code CONTEXTDB_REDIS_PASSWORD} for every store
 * of a scheme, then {@code CONTEXTDB_PASSWORD} – this for a URL of one store only, never for a part of several: they would all be given one
 * secret. Lines of the file are {@code scaled.keys.password = …} and {@code redis.password = …}.
 */
final class OptionDefaults {
    static final String FILE = "contextdb.properties";
    private static final String VARIABLE = "CONTEXTDB_";
    private static final Logger LOG = LoggerFactory.getLogger(OptionDefaults.class);

    private final String scheme;
    private final String of;
    private final @Nullable String part;
    private final List<String> parts;

    private OptionDefaults(String scheme, String of, @Nullable String part, List<String> parts) {
        this.scheme = scheme;
        this.of = of;
        this.part = part;
        this.parts = parts;
    }

    /** Those of a URL; {@code parts} are the options of it that name stores of their own. */
    static OptionDefaults ofUrl(String scheme, List<String> parts) {
        return new OptionDefaults(scheme, "", null, parts);
    }

    /** Those of a store that is a part of a URL: the option that names it, of a scheme. */
    static OptionDefaults ofPart(String scheme, String of, String part) {
        return new OptionDefaults(scheme, of, part, List.of());
    }

    /** Returns what is said of these options, and every line of the file. */
    Map<String, String> find(List<OptionDescriptor<?>> declared, Map<String, String> environment) {
        Map<String, String> defaults = file();
        for (OptionDescriptor<?> option : declared) {
            variables(option.name())
                    .filter(environment::containsKey)
                    .findFirst()
                    .ifPresent(variable -> defaults.put(option.name(), environment.get(variable)));
            if (part != null && option.secret() && !defaults.containsKey(option.name())) {
                tellWhoHasNone(option.name(), environment);
            }
        }
        return defaults;
    }

    /** The variables that may say what an option is, the nearest first. */
    private Stream<String> variables(String option) {
        String ofScheme = variable(scheme, option);
        return part == null
                ? Stream.of(ofScheme, VARIABLE + upper(option))
                : Stream.of(variable(of, part, option), ofScheme);
    }

    private void tellWhoHasNone(String option, Map<String, String> environment) {
        String plain = VARIABLE + upper(option);
        if (environment.containsKey(plain)) {
            LOG.info(
                    "{} is for a URL of one store and is not given to the part '{}'; {} or {} would be",
                    plain,
                    part,
                    variables(option).findFirst().orElseThrow(),
                    variable(scheme, option));
        }
    }

    private static String variable(String... names) {
        return VARIABLE + upper(String.join("_", names));
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Returns every line for these, known option or not: a misspelt one is refused like one in a URL. */
    private Map<String, String> file() {
        Properties lines = lines();
        Map<String, String> found = new TreeMap<>();
        copy(lines, scheme + ".", found);
        parts.forEach(name -> found.keySet().removeIf(option -> option.startsWith(name + ".")));
        if (part != null) {
            copy(lines, of + "." + part + ".", found);
        }
        return found;
    }

    private static void copy(Properties lines, String prefix, Map<String, String> found) {
        lines.stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> found.put(
                        name.substring(prefix.length()), lines.getProperty(name).strip()));
    }

    private static Properties lines() {
        Properties lines = new Properties();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream in =
                loader == null ? ClassLoader.getSystemResourceAsStream(FILE) : loader.getResourceAsStream(FILE)) {
            if (in != null) {
                lines.load(in);
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new InvalidRequestException(FILE, "cannot be read: " + unreadable.getMessage());
        }
        return lines;
    }
}
