package io.contextdb.cli.chunk;

/** Text that can be stored and shown: no control characters but line feeds and tabs, no unpaired surrogates, no edges. */
final class CleanText {
    private CleanText() {}

    static String of(String raw) {
        String text = raw.strip();
        for (int i = 0; i < text.length(); i++) {
            if (!keeps(text, i)) {
                return rest(text, i);
            }
        }
        return text;
    }

    private static String rest(String text, int from) {
        StringBuilder clean = new StringBuilder(text.length()).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            if (keeps(text, i)) {
                clean.append(text.charAt(i));
            }
        }
        return clean.toString().strip();
    }

    private static boolean keeps(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return !Character.isISOControl(c) || c == '\n' || c == '\t';
    }
}
