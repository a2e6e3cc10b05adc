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

/**
 * What options are where neither the URL nor the application says: first the environment, as {@code CONTEXTDB_} and the
 * option's name in upper case with {@code _} for what is no letter or digit; then {@value #FILE} on the class path, with lines
 * such as {@code postgresql.user = app}, the scheme before the option.
 */
final class OptionDefaults {
    static final String FILE = "contextdb.properties";

    private OptionDefaults() {}

    static Map<String, String> of(String scheme, List<OptionDescriptor<?>> declared) {
        Map<String, String> defaults = file(scheme + ".");
        for (OptionDescriptor<?> option : declared) {
            String variable =
                    "CONTEXTDB_" + option.name().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
            String value = System.getenv(variable);
            if (value != null) {
                defaults.put(option.name(), value);
            }
        }
        return defaults;
    }

    /** Returns every line for the scheme, known option or not: a misspelt one is refused like one in a URL. */
    private static Map<String, String> file(String prefix) {
        Map<String, String> found = new TreeMap<>();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream in =
                loader == null ? ClassLoader.getSystemResourceAsStream(FILE) : loader.getResourceAsStream(FILE)) {
            if (in != null) {
                Properties lines = new Properties();
                lines.load(in);
                lines.stringPropertyNames().stream()
                        .filter(name -> name.startsWith(prefix))
                        .forEach(name -> found.put(
                                name.substring(prefix.length()),
                                lines.getProperty(name).strip()));
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new InvalidRequestException(FILE, "cannot be read: " + unreadable.getMessage());
        }
        return found;
    }
}
