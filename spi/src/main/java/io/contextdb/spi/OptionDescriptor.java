package io.contextdb.spi;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An option of a URL: declared once, and everything (parsing, validation, help, documentation) is made from the
 * declaration. Immutable.
 *
 * @param <T> type of its value
 */
public final class OptionDescriptor<T> {
    /** Longest duration that can be declared; longer ones have no form in a URL. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private final String name;
    private final String type;
    private final String defaultText;
    private final boolean secret;
    private final String description;
    private final Function<String, T> parser;

    private OptionDescriptor(
            String name,
            String type,
            String defaultText,
            boolean secret,
            String description,
            Function<String, T> parser) {
        this.name = Check.text("option.name", name, 1, 128);
        this.type = type;
        this.defaultText = Check.notNull("option.default", defaultText);
        this.secret = secret;
        this.description = Check.text("option.description", description, 1, 2048);
        this.parser = parser;
    }

    /** Declares a text. */
    public static OptionDescriptor<String> text(String name, String defaultValue, String description) {
        return new OptionDescriptor<>(name, "text", defaultValue, false, description, value -> value);
    }

    /** Declares a text that is never shown. */
    public static OptionDescriptor<String> secret(String name, String description) {
        return new OptionDescriptor<>(name, "secret", "", true, description, value -> value);
    }

    /** Declares a whole number in {@code [min, max]}. */
    public static OptionDescriptor<Long> integer(
            String name, long defaultValue, long min, long max, String description) {
        return new OptionDescriptor<>(
                name, "integer " + min + " to " + max, Long.toString(defaultValue), false, description, value -> {
                    try {
                        return Check.range(name, Long.parseLong(value), min, max);
                    } catch (NumberFormatException notNumber) {
                        throw new InvalidRequestException(
                                name, "must be a whole number, is '" + Check.shown(value) + "'");
                    }
                });
    }

    /** Declares {@code true} or {@code false}. */
    public static OptionDescriptor<Boolean> flag(String name, boolean defaultValue, String description) {
        return new OptionDescriptor<>(
                name, "true or false", Boolean.toString(defaultValue), false, description, value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw new InvalidRequestException(
                                name, "must be true or false, is '" + Check.shown(value) + "'");
                });
    }

    /** Declares one of an enum's constants, written in lower case. */
    public static <E extends Enum<E>> OptionDescriptor<E> choice(String name, E defaultValue, String description) {
        E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
        String allowed = Arrays.stream(constants).map(OptionDescriptor::spelled).collect(Collectors.joining(", "));
        return new OptionDescriptor<>(
                name,
                "one of " + allowed,
                spelled(defaultValue),
                false,
                description,
                value -> Arrays.stream(constants)
                        .filter(constant -> spelled(constant).equals(value))
                        .findFirst()
                        .orElseThrow(() -> new InvalidRequestException(
                                name, "must be one of " + allowed + ", is '" + Check.shown(value) + "'")));
    }

    /** Declares a span of time in {@code [min, max]}, written as {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}. */
    public static OptionDescriptor<Duration> duration(
            String name, Duration defaultValue, Duration min, Duration max, String description) {
        Check.duration("option.min", min, Duration.ZERO, LONGEST);
        Check.duration("option.max", max, min, LONGEST);
        Check.duration("option.default", defaultValue, Duration.ZERO, LONGEST);
        return new OptionDescriptor<>(
                name,
                "duration " + spelled(min) + " to " + spelled(max),
                spelled(defaultValue),
                false,
                description,
                value -> {
                    Duration parsed = parseDuration(name, value);
                    if (parsed.compareTo(min) < 0 || parsed.compareTo(max) > 0) {
                        throw new InvalidRequestException(
                                name,
                                "must be in [" + spelled(min) + ", " + spelled(max) + "], is '" + Check.shown(value)
                                        + "'");
                    }
                    return parsed;
                });
    }

    private static Duration parseDuration(String name, String value) {
        String upper = value.toUpperCase(Locale.ROOT);
        try {
            if (upper.endsWith("MS")) {
                return Duration.ofMillis(Long.parseLong(upper.substring(0, upper.length() - 2)));
            }
            return Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
        } catch (NumberFormatException | DateTimeParseException malformed) {
            throw new InvalidRequestException(
                    name, "must be a duration such as 250ms, 30s, 5m, 2h or 7d, is '" + Check.shown(value) + "'");
        }
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String spelled(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        return seconds % 86_400 == 0 && seconds > 0
                ? seconds / 86_400 + "d"
                : seconds % 3600 == 0 && seconds > 0
                        ? seconds / 3600 + "h"
                        : seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** Returns the name as it stands in URLs. */
    public String name() {
        return name;
    }

    /** Returns the type and range, for people. */
    public String type() {
        return type;
    }

    /** Returns the default as it would stand in a URL; "" for none. */
    public String defaultText() {
        return defaultText;
    }

    /** Returns whether the value is never shown. */
    public boolean secret() {
        return secret;
    }

    /** Returns what it does, for people. */
    public String description() {
        return description;
    }

    /**
     * Returns the value of a text.
     *
     * @throws InvalidRequestException that names the option and the rule; it shows the text only of options that are no
     *     secrets
     */
    public T parse(String text) {
        return parser.apply(Check.notNull(name, text));
    }

    @Override
    public String toString() {
        return name;
    }
}
