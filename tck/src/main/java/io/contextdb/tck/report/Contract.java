package io.contextdb.tck.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The contract that this kit was built with. Immutable. */
final class Contract {
    private static final Pattern STATEMENT = Pattern.compile(
            "^\\* \\*\\*([A-Z]\\d+[a-z]?)\\*\\* (.*?)(?=^\\* \\*\\*|^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern ID = Pattern.compile("([A-Z])(\\d+)([a-z]?)");
    private static final int SHOWN = 110;

    /** The order of the document: by model, then by number. */
    static final Comparator<String> ORDER = Comparator.comparingInt((String id) -> "GNVKEDMS".indexOf(id.charAt(0)))
            .thenComparingInt(id -> part(id, 2).isEmpty() ? 0 : Integer.parseInt(part(id, 2)))
            .thenComparing(id -> part(id, 3))
            .thenComparing(id -> id);

    private final Map<String, String> statements = new TreeMap<>(ORDER);
    private final String digest;

    private Contract(String text) {
        Matcher matcher = STATEMENT.matcher(text);
        while (matcher.find()) {
            String statement = matcher.group(2).replaceAll("\\s+", " ").trim();
            statements.put(
                    matcher.group(1),
                    statement.length() <= SHOWN ? statement : statement.substring(0, SHOWN - 1) + "…");
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            digest = HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }

    private static String part(String id, int group) {
        Matcher matcher = ID.matcher(id);
        return matcher.matches() ? matcher.group(group) : "";
    }

    static Contract ofThisKit() {
        try (InputStream in = Contract.class.getResourceAsStream("/io/contextdb/tck/contract.md")) {
            if (in == null) {
                throw new IllegalStateException("the kit's jar lacks its contract");
            }
            return new Contract(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the kit's contract cannot be read", unreadable);
        }
    }

    /** Returns the beginning of each statement by its id, in order. */
    Map<String, String> statements() {
        return statements;
    }

    /** Returns what tells one edition of the contract from another. */
    String digest() {
        return digest;
    }
}
