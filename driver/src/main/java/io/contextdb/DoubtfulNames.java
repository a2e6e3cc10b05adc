package io.contextdb;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of options that may be the rest of a secret in which a {@code ?} or {@code &} was not encoded, so that errors do not show them:
 * what follows a secret, or a location that is cut off, or stands before an {@code @}.
 */
final class DoubtfulNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");
    private static final Pattern SECRET =
            Pattern.compile("pass|pasw|secret|token|key=|apikey|cred|pwd|pw|auth", Pattern.CASE_INSENSITIVE);
    private static final Pattern AT = Pattern.compile("@|%(?:25)*40");

    /** Hosts, each with a port or without. */
    private static final Pattern HOSTS =
            Pattern.compile("^//(?:[^@/]*@)?(?:(?:\\[[^\\]/]*]|[^:/,\\[]*)(?::\\d{1,5})?(?:,|(?=/)|$))+");

    private static final Pattern DIRECTORY = Pattern.compile("(?:[A-Za-z]:[\\\\/])?[^@:;=&%#]*");

    private DoubtfulNames() {}

    /** Returns those of a URL, as they stand there: its location, and what follows the first {@code ?}. */
    static Set<String> of(String location, String query) {
        Set<String> doubtful = new HashSet<>();
        boolean afterSecret = !whole(location);
        String[] pairs = query.split("&", -1);
        boolean atFollows = false;
        for (int i = pairs.length - 1; i >= 0; i--) {
            atFollows = atFollows || AT.matcher(pairs[i]).find();
            boolean follows = i == 0 ? afterSecret : maySplit(pairs[i - 1]);
            String name = pairs[i].substring(0, Math.max(0, pairs[i].indexOf('=')));
            if (atFollows || follows || !isName(name) || SECRET.matcher(name).find()) {
                doubtful.add(name);
            }
        }
        return doubtful;
    }

    /** Returns whether a name has the form of an option's. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Returns whether hosts stand in the location, or a directory. */
    static boolean whole(String location) {
        return location.startsWith("//")
                ? HOSTS.matcher(location).find()
                : DIRECTORY.matcher(location).matches();
    }

    /** Returns whether a pair may hold a secret, or the begin of one. */
    private static boolean maySplit(String pair) {
        return SECRET.matcher(pair).find()
                || pair.indexOf('?') >= 0
                || AT.matcher(pair).find();
    }
}
