package io.contextdb;

import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.NetworkLocation;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a URL. A malformed one may have a password at any place, so nothing is hidden for what it is called: only what is
 * known to be harmless is shown, and the rest is {@value #HIDDEN}.
 */
final class UrlRedaction {
    static final String HIDDEN = "****";

    private static final Pattern HOSTS = Pattern.compile(
            "(?:\\[[0-9a-fA-F:.]+]|[\\p{L}\\p{N}._-]+)(?::\\d{1,5})?(?:,(?:\\[[0-9a-fA-F:.]+]|[\\p{L}\\p{N}._-]+)(?::\\d{1,5})?)*");
    private static final Pattern PATH = Pattern.compile("(?:/[\\p{L}\\p{N}._~-]*)*");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:[\\\\/].*");
    private static final Pattern URL_INSIDE =
            Pattern.compile("(?<scheme>[a-z][a-z0-9-]{0,31}):(?<location>[^?]*)(?<options>\\?.*)?", Pattern.DOTALL);
    private static final Pattern OPTIONS = Pattern.compile("\\?(?:[A-Za-z][A-Za-z0-9._-]*=[^@&]*(?:&|$))*");
    private static final Pattern HARMLESS = Pattern.compile("[\\p{L}\\p{N} ._/,\\\\~-]*");

    private UrlRedaction() {}

    static String of(ContextUrl url) {
        Map<String, OptionDescriptor<?>> known = known(url.scheme());
        // An option that nobody declares may be the rest of a secret whose & or ? was not encoded, and so what stands
        // around it.
        boolean strange = !known.keySet().containsAll(url.options().keySet());
        boolean cut = url.options().entrySet().stream()
                .filter(option -> !isSecret(known.get(option.getKey())))
                .anyMatch(option -> (option.getKey() + option.getValue()).indexOf('@') >= 0);
        StringBuilder text = new StringBuilder(ContextUrl.PREFIX)
                .append(url.scheme())
                .append(':')
                .append(location(
                        url.location(), cut || (strange && url.location().indexOf('@') >= 0)));
        char separator = '?';
        for (Map.Entry<String, String> option : url.options().entrySet()) {
            OptionDescriptor<?> declared = known.get(option.getKey());
            text.append(separator);
            separator = '&';
            if (declared == null) {
                text.append(HIDDEN);
            } else {
                text.append(option.getKey())
                        .append('=')
                        .append(strange || declared.secret() ? HIDDEN : value(option.getValue()));
            }
        }
        return text.toString();
    }

    /** The options of the backend that has the scheme; none where it is not here, or cannot be loaded. */
    private static Map<String, OptionDescriptor<?>> known(String scheme) {
        try {
            BackendProvider provider = Providers.all().get(scheme);
            return provider == null
                    ? Map.of()
                    : Stream.concat(ContextDataSource.commonOptions().stream(), provider.options().stream())
                            .collect(Collectors.toMap(
                                    OptionDescriptor::name, option -> option, (a, b) -> a, TreeMap::new));
        } catch (ServiceConfigurationError unloadable) {
            return Map.of();
        }
    }

    private static String value(String value) {
        Matcher inside = URL_INSIDE.matcher(value);
        if (inside.matches()) {
            String options = inside.group("options");
            return inside.group("scheme") + ":"
                    + location(
                            inside.group("location"),
                            options != null && !OPTIONS.matcher(options).matches())
                    + (options == null ? "" : "?" + HIDDEN);
        }
        return HARMLESS.matcher(value).matches() ? value : HIDDEN;
    }

    /** Returns a location; where an @ follows after the first ?, that may stand within a password. */
    private static String location(String location, boolean cut) {
        int at = location.lastIndexOf('@');
        if (!location.startsWith("//")) {
            return location.isEmpty() || (at < 0 && !cut) ? path(location) : HIDDEN;
        }
        if (cut || malformed(location)) {
            return "//" + HIDDEN;
        }
        String address = location.substring(at < 0 ? 2 : at + 1);
        int slash = address.indexOf('/');
        String hosts = slash < 0 ? address : address.substring(0, slash);
        String path = slash < 0 ? "" : address.substring(slash);
        return "//" + (at < 0 ? "" : HIDDEN + "@")
                + (hosts.isEmpty() || HOSTS.matcher(hosts).matches() ? hosts : HIDDEN)
                + (PATH.matcher(path).matches() ? path : "/" + HIDDEN);
    }

    private static boolean isSecret(@Nullable OptionDescriptor<?> option) {
        return option != null && option.secret();
    }

    private static boolean malformed(String location) {
        try {
            NetworkLocation.of(location);
            return false;
        } catch (InvalidRequestException malformed) {
            return true;
        }
    }

    /** A directory or a name; what is no such thing may be a misspelt address. */
    private static String path(String text) {
        boolean drive = DRIVE.matcher(text).matches();
        String afterDrive = drive ? text.substring(2) : text;
        return HARMLESS.matcher(afterDrive).matches() && !afterDrive.contains("//") ? text : HIDDEN;
    }
}
