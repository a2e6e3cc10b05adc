package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.NetworkLocation;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A parsed URL: {@code contextdb:<scheme>:<location>?name=value&name=value}, or {@code contextdb:<scheme>://…} where the
 * location is a network address. In names and values of options only {@code &}, {@code #} and {@code %} need
 * percent-encoding; in {@code //user:password@} those that {@link io.contextdb.spi.NetworkLocation} names, and {@code ?} as
 * {@code %3F}; any other location is taken as it stands. At most {@value #MAX_LENGTH} characters. Immutable; its text shows no
 * secret, whatever is wrong with the URL.
 */
public final class ContextUrl {
    /** Longest URL, in characters. */
    public static final int MAX_LENGTH = 65_536;

    static final String PREFIX = "contextdb:";
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final String QUESTION = "; if a user or password has a ?, write it %3F, and an @ in a value %40";

    private final String scheme;
    private final String location;
    private final Map<String, String> options;
    private final Set<String> doubtful;
    private volatile @Nullable String shown;

    private ContextUrl(String scheme, String location, Map<String, String> options, Set<String> doubtful) {
        this.scheme = scheme;
        this.location = location;
        this.options = options;
        this.doubtful = doubtful;
    }

    /**
     * Parses a URL.
     *
     * @throws InvalidRequestException that says what is wrong, and shows no more of the URL than its scheme
     */
    public static ContextUrl parse(String url) {
        if (url == null) {
            throw new InvalidRequestException("url", "must not be null");
        }
        if (url.length() > MAX_LENGTH) {
            throw new InvalidRequestException("url", "has " + url.length() + " characters; the limit is " + MAX_LENGTH);
        }
        if (!url.startsWith(PREFIX)) {
            throw new InvalidRequestException(
                    "url", "must start with contextdb: as in contextdb:embedded:./memory or contextdb:memory:");
        }
        String rest = url.substring(PREFIX.length());
        int colon = rest.indexOf(':');
        if (colon < 0 || !SCHEME.matcher(rest.substring(0, colon)).matches()) {
            throw new InvalidRequestException(
                    "url",
                    "needs a scheme of lower-case letters, digits and - between two colons after contextdb, as in"
                            + " contextdb:embedded:./memory");
        }
        String scheme = rest.substring(0, colon);
        String tail = rest.substring(colon + 1);
        int question = tail.indexOf('?');
        String location = question < 0 ? tail : tail.substring(0, question);
        checkText("location", location);
        NetworkLocation.of(location);
        String query = question < 0 ? "" : tail.substring(question + 1);
        boolean cut = location.startsWith("//") && query.indexOf('@') >= 0;
        if (cut && (location.indexOf('@') >= 0 || !DoubtfulNames.whole(location))) {
            throw new InvalidRequestException(
                    "url", "has an @ after its first ?, and a user or no hosts before it" + QUESTION);
        }
        return new ContextUrl(
                scheme, location, parseOptions(query, cut ? QUESTION : ""), DoubtfulNames.of(location, query));
    }

    /** Errors name options by their place: what stands there may be the rest of a password that was not encoded. */
    private static Map<String, String> parseOptions(String query, String hint) {
        Map<String, String> options = new TreeMap<>();
        if (query.isEmpty()) {
            return options;
        }
        int place = 0;
        for (String pair : query.split("&", -1)) {
            place++;
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new InvalidRequestException(
                        "url.options",
                        "must be name=value pairs separated by &; the " + place + ". is none" + hint
                                + "; within a value & is written %26");
            }
            String name = decode("the name of the " + place + ". option", pair.substring(0, equals));
            String value = decode("the " + place + ". option", pair.substring(equals + 1));
            if (options.put(name, value) != null) {
                throw new InvalidRequestException(
                        "url.options", "has an option twice, the second time as the " + place + "." + hint);
            }
        }
        return Collections.unmodifiableMap(options);
    }

    private static String decode(String what, String text) {
        if (text.indexOf('#') >= 0) {
            throw new InvalidRequestException("url.options", what + " has a # that must be written %23");
        }
        String decoded;
        try {
            decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidRequestException(
                    "url.options", what + " has a % that is not followed by two hexadecimal digits");
        }
        if (decoded.indexOf('\uFFFD') >= 0) {
            throw new InvalidRequestException("url.options", what + " is not valid UTF-8");
        }
        checkText("options", decoded);
        return decoded;
    }

    private static void checkText(String part, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean paired = Character.isHighSurrogate(c)
                    ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                    : !Character.isLowSurrogate(c) || (i > 0 && Character.isHighSurrogate(text.charAt(i - 1)));
            if (Character.isISOControl(c) || !paired) {
                throw new InvalidRequestException("url." + part, "has a control character or an unpaired surrogate");
            }
        }
    }

    /** Returns what follows {@code contextdb:}. */
    public String scheme() {
        return scheme;
    }

    /** Returns what stands between the scheme and the options; may hold a user and password. */
    public String location() {
        return location;
    }

    /** Returns the options, decoded, by name; may hold secrets. */
    public Map<String, String> options() {
        return options;
    }

    /** Returns this URL with further options; those that it has itself win. */
    public ContextUrl withDefaults(Map<String, String> defaults) {
        Map<String, String> merged = new TreeMap<>(Arguments.options("options", defaults));
        merged.putAll(options);
        return new ContextUrl(scheme, location, Collections.unmodifiableMap(merged), doubtful);
    }

    /**
     * Refuses options that are not declared, and values that their declarations refuse.
     *
     * @throws InvalidRequestException that names the option, and for an unknown one the nearest known
     */
    public void check(List<OptionDescriptor<?>> declared) {
        checkOptions(PREFIX + scheme + ":", options, Arguments.all("options", declared), doubtful);
    }

    static void checkOptions(String owner, Map<String, String> options, List<OptionDescriptor<?>> declared) {
        checkOptions(owner, options, declared, Set.of());
    }

    private static void checkOptions(
            String owner, Map<String, String> options, List<OptionDescriptor<?>> declared, Set<String> doubtful) {
        Map<String, OptionDescriptor<?>> byName =
                declared.stream().collect(Collectors.toMap(OptionDescriptor::name, option -> option, (a, b) -> a));
        boolean one = options.keySet().stream()
                        .filter(name -> !byName.containsKey(name))
                        .count()
                == 1;
        options.forEach((name, value) -> {
            OptionDescriptor<?> option = byName.get(name);
            if (option == null) {
                throw unknown(owner, name, byName, one && DoubtfulNames.isName(name) && !doubtful.contains(name));
            }
            parse(option, value, !doubtful.contains(name));
        });
    }

    private static void parse(OptionDescriptor<?> option, String value, boolean shown) {
        try {
            option.parse(value);
        } catch (InvalidRequestException refused) {
            // What a number, a span or a word never has may be the rest of a secret.
            if (shown && value.chars().noneMatch(c -> "@:?=#%&;".indexOf(c) >= 0)) {
                throw refused;
            }
            throw new InvalidRequestException(
                    option.name(),
                    "must be " + option.type() + ", and is not; its value is not shown, as it may be a secret");
        }
    }

    private static InvalidRequestException unknown(
            String owner, String name, Map<String, OptionDescriptor<?>> known, boolean shown) {
        String nearest = nearest(name, known.keySet());
        String what = shown
                ? "'" + name + "'"
                : "of a name that it has, which is not shown, as it may be a part of a secret; within a secret write %26 for"
                        + " & and %3F for ?";
        return new InvalidRequestException(
                "options",
                owner + " knows no option " + what + (nearest == null ? "" : "; did you mean " + nearest + "?")
                        + " It knows " + known.keySet().stream().sorted().collect(Collectors.joining(", ")));
    }

    private static @Nullable String nearest(String name, Iterable<String> known) {
        String nearest = null;
        int least = Math.max(2, name.length() / 2);
        for (String candidate : known) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        if (a.length() > 64) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /**
     * Returns the URL without what may be a secret: hosts, path and the values of known options are shown that cannot be one; all else
     * is {@code ****}, users and unknown options too.
     */
    public String redacted() {
        String text = shown;
        if (text == null) {
            text = UrlRedaction.of(this);
            shown = text;
        }
        return text;
    }

    /** Returns {@link #redacted}. */
    @Override
    public String toString() {
        return redacted();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ContextUrl that
                && scheme.equals(that.scheme)
                && location.equals(that.location)
                && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return 31 * scheme.hashCode() + location.hashCode();
    }
}
