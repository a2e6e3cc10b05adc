package io.contextdb.spi.value;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import java.util.regex.Pattern;

/**
 * Name of a namespace: 1 to 128 characters of {@code [A-Za-z0-9._-]}, not of dots only, compared exactly (contract G1).
 *
 * @param value the name
 */
public record NamespaceName(String value) implements Comparable<NamespaceName> {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    /** As a part of a path or of a URL such a name leads elsewhere. */
    private static final Pattern DOTS = Pattern.compile("\\.+");

    /** Checks the name. */
    public NamespaceName {
        if (!ALLOWED.matcher(Check.notNull("namespace", value)).matches()) {
            throw new InvalidRequestException(
                    "namespace", "must be 1 to 128 characters of [A-Za-z0-9._-], is '" + Check.shown(value) + "'");
        }
        if (DOTS.matcher(value).matches()) {
            throw new InvalidRequestException("namespace", "must not consist of dots only, is '" + value + "'");
        }
    }

    /** Returns the namespace of that name. */
    public static NamespaceName of(String name) {
        return new NamespaceName(name);
    }

    @Override
    public int compareTo(NamespaceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
