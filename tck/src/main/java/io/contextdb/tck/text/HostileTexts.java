package io.contextdb.tck.text;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes texts that stores are known to bend, to cut or to read as something else; the same for the same numbers. */
final class HostileTexts {
    private static final int MEGABYTE = 1 << 20;

    /** What texts are put together from. */
    private static final List<String> PIECES = List.of(
            "a",
            "A",
            "b",
            "user",
            "User",
            "0",
            "00",
            "1",
            "1.0",
            "1e0",
            "-0",
            "null",
            "true",
            "{}",
            "{\"a\":1}",
            "[]",
            "[a-z]",
            "/",
            "//",
            "..",
            ".",
            "../",
            "%2F",
            "%2f",
            "%00",
            "%25",
            "%",
            "_",
            "%_",
            "*",
            "**",
            "?",
            "??",
            "[",
            "]",
            "^",
            "$",
            "'",
            "''",
            "\"",
            "\"\"",
            "\\",
            "\\\\",
            "\\u0000",
            "\\x00",
            "`",
            ";--",
            "$1",
            "${a}",
            "#{a}",
            "{0}",
            "~",
            "=",
            "&",
            "+",
            ":",
            "::",
            "|",
            ",",
            ";",
            "@",
            "#",
            "-",
            "--",
            "!",
            "(",
            ")",
            "<b>",
            "&amp;",
            " ",
            "  ",
            "\t",
            "\n",
            "\r",
            "\r\n",
            "\f",
            "\u0001",
            "\u001f",
            "\u007f",
            "\u0080",
            "\u0085",
            "\u00a0",
            "\u00ad",
            "\u1680",
            "\u2028",
            "\u2029",
            "\u3000",
            "\u200b",
            "\u200c",
            "\u200d",
            "\u2060",
            "\ufeff",
            "\u200e",
            "\u200f",
            "\u202a",
            "\u202e",
            "\u2066",
            "\u2069",
            "\u061c",
            "é",
            "e\u0301",
            "\u0301",
            "\u0301\u0302\u0303\u0304\u0305",
            "a\u0323\u0307",
            "a\u0307\u0323",
            "Å",
            "\u212b",
            "A\u030a",
            "ﬁ",
            "fi",
            "ß",
            "ss",
            "ẞ",
            "SS",
            "İ",
            "i\u0307",
            "ı",
            "I",
            "i",
            "ſ",
            "s",
            "\u212a",
            "K",
            "k",
            "µ",
            "μ",
            "Ω",
            "\u2126",
            "а",
            "о",
            "р",
            "Α",
            "ａ",
            "１",
            "①",
            "가",
            "\u1100\u1161",
            "\u0958",
            "\u0915\u093c",
            "ﷺ",
            "א",
            "ب",
            "日",
            "本",
            "\ud7ff",
            "\ue000",
            "\ufdd0",
            "\ufffd",
            "\ufffe",
            "\uffff",
            "😀",
            "👨\u200d👩\u200d👧",
            "👍🏽",
            "🇩🇪",
            "\ud83c\udde9",
            "\ud800\udc00",
            "\ud800\udfff",
            "\udbff\udfff",
            "\ud83f\udfff",
            "\udb40\udc01",
            "\ufe0f",
            "\ufe0e");

    /** Characters of one to four bytes, for texts of an exact length. */
    private static final List<String> BY_BYTES = List.of("x", "é", "日", "😀");

    private final Random random;
    private final List<String> made = new ArrayList<>();

    HostileTexts(Random random) {
        this.random = random;
    }

    /** Returns a text for a place that takes up to so many bytes; many break its rule. */
    String next(Rule rule) {
        int kind = random.nextInt(100);
        String text = kind < 45
                ? mixed()
                : kind < 65 && !made.isEmpty()
                        ? alike(made.get(random.nextInt(made.size())))
                        : kind < 75
                                ? halved(mixed())
                                : kind < 81
                                        ? inserted(mixed(), "\0")
                                        : kind < 98
                                                ? filledUp(rule)
                                                : kind < 99 || random.nextInt(4) > 0 ? "" : large();
        if (text.length() < 2_000) {
            made.add(text);
        }
        return text;
    }

    private String mixed() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    /** Returns a text with half of a pair somewhere: at the start, at the end, before or after its like. */
    private String halved(String text) {
        return inserted(
                text,
                List.of("\ud83d", "\ude00", "\ude00\ud83d", "\ud83d\ud83d\ude00")
                        .get(random.nextInt(4)));
    }

    private String inserted(String text, String part) {
        int at = random.nextInt(text.length() + 1);
        boolean inPair = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
        int from = inPair ? at + 1 : at;
        return text.substring(0, from) + part + text.substring(from);
    }

    /** Returns a text of exactly the most bytes, or a few more or fewer. */
    private String filledUp(Rule rule) {
        // What takes much is seldom filled, or a run would be of nothing else.
        if (rule.most() > 2_000_000 || (rule.most() > 4_096 && random.nextInt(40) > 0)) {
            return mixed();
        }
        return filled(rule.most() + List.of(-1, 0, 0, 0, 1, 1, 4).get(random.nextInt(7)));
    }

    /** Returns a text of exactly so many bytes of UTF-8, most of them of the same character. */
    String filled(int bytes) {
        String start = mixed();
        int left = bytes - start.getBytes(StandardCharsets.UTF_8).length;
        if (left < 0) {
            return "x".repeat(Math.max(0, bytes));
        }
        int size = 1 + random.nextInt(4);
        return start + "x".repeat(left % size) + BY_BYTES.get(size - 1).repeat(left / size);
    }

    private String large() {
        return mixed() + BY_BYTES.get(random.nextInt(4)).repeat(MEGABYTE / 2) + mixed();
    }

    /** Returns a text that somebody may take for another: folded, composed, cut, unquoted, with marks for what was lost. */
    String alike(String text) {
        return switch (random.nextInt(18)) {
            case 0 -> Normalizer.normalize(text, Normalizer.Form.NFC);
            case 1 -> Normalizer.normalize(text, Normalizer.Form.NFD);
            case 2 -> Normalizer.normalize(text, Normalizer.Form.NFKC);
            case 3 -> text.toLowerCase(Locale.ROOT);
            case 4 -> text.toUpperCase(Locale.ROOT);
            case 5 -> text.strip();
            case 6 -> text + " ";
            case 7 -> text.replaceAll("[^\\x00-\\x7f]", "?");
            case 8 -> text.replaceAll("[\\ud800-\\udfff]+", "\ufffd");
            case 9 -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            case 10 -> text.replaceAll("\\p{Cf}", "");
            case 11 -> text.replace("\\", "");
            case 12 -> text.replace("%2F", "/").replace("%2f", "/");
            case 13 -> text.isEmpty() ? "*" : text.substring(0, text.offsetByCodePoints(0, 1)) + "*";
            case 14 -> text.isEmpty() ? "?" : text.substring(0, text.offsetByCodePoints(text.length(), -1));
            case 15 -> text.replaceAll("\\s+", " ");
            case 16 -> text.replace("?", "\ud83d");
            default -> "\ufeff" + text;
        };
    }
}
