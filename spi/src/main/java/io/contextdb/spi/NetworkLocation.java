package io.contextdb.spi;

import io.contextdb.spi.error.InvalidRequestException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A location of the form {@code //user:password@hosts/path}, as URLs of servers have it. Within user and password {@code @ / ? # %} are
 * percent-encoded; a colon need not be, after the first. Any other location has no user, and is the address. Immutable; its text shows
 * none of the three.
 *
 * @param user the user, decoded; "" for none
 * @param password the password, decoded; "" for none
 * @param address what is left without the two: {@code //hosts/path}, as it stands
 */
public record NetworkLocation(String user, String password, String address) {
    private static final String START = "//";
    private static final String FIELD = "url";
    private static final Pattern OPTION = Pattern.compile("[&;][A-Za-z][A-Za-z0-9._-]*=");

    /**
     * Reads a location.
     *
     * @throws InvalidRequestException that says which character must be encoded and how; it shows nothing of the location
     */
    public static NetworkLocation of(String location) {
        if (!location.startsWith(START)) {
            return new NetworkLocation("", "", location);
        }
        if (location.indexOf('#') >= 0) {
            throw new InvalidRequestException(FIELD, "has a # before its options; write %23 for one in a password");
        }
        int at = location.lastIndexOf('@');
        String address = at < 0 ? location : START + location.substring(at + 1);
        if (address.chars().anyMatch(c -> c == '&' || c == ';' || c == '=')
                || OPTION.matcher(location).find()) {
            throw new InvalidRequestException(
                    FIELD,
                    "has options without a ? before them; write //host/name?option=value, and %26 for a & in a password");
        }
        if (at < 0) {
            return new NetworkLocation("", "", location);
        }
        if (at == location.length() - 1 || location.charAt(at + 1) == '/') {
            throw new InvalidRequestException(FIELD, "has a user and no host after its @");
        }
        String login = location.substring(START.length(), at);
        if (login.indexOf('@') >= 0 || login.indexOf('/') >= 0) {
            throw new InvalidRequestException(
                    FIELD,
                    "has a second @, or a / before its last @; within user and password write %40 for @ and %2F for /");
        }
        int colon = login.indexOf(':');
        if ((colon < 0 ? login : login.substring(0, colon)).chars().anyMatch(c -> c == '&' || c == ';')) {
            throw new InvalidRequestException(
                    FIELD, "has a & or ; in its user; write %26 or %3B, and options after a ? behind the hosts");
        }
        return new NetworkLocation(
                decode(colon < 0 ? login : login.substring(0, colon)),
                colon < 0 ? "" : decode(login.substring(colon + 1)),
                address);
    }

    private static String decode(String text) {
        String decoded;
        try {
            decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidRequestException(
                    FIELD,
                    "has a % in its user or password that is not followed by two hexadecimal digits; write %25 for a %");
        }
        if (decoded.indexOf('\uFFFD') >= 0 || decoded.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidRequestException(
                    FIELD,
                    "has percent-encoded bytes in its user or password that are not UTF-8, or control characters");
        }
        return decoded;
    }

    /** Shows no part: the address of a malformed URL may be a password. */
    @Override
    public String toString() {
        return "NetworkLocation[****]";
    }
}
