package io.contextdb.tck.text;

import io.contextdb.Namespace;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.write.Mutation;
import io.contextdb.tck.Kit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Texts through one place, in a namespace of its own: refuses, keeps, and then looks for all that was kept, and for its like. */
final class Trial {
    private static final int BATCH = 40;
    private static final int BATCH_CHARS = 1 << 20;
    private static final int SHOWN = 120;

    private final Kit kit;
    private final Place place;
    private final Namespace namespace;
    private final HostileTexts texts;
    private final Map<String, Integer> kept = new LinkedHashMap<>();
    private final List<Mutation> pending = new ArrayList<>();
    private int pendingChars;

    Trial(Kit kit, Place place, Namespace namespace) {
        this.kit = kit;
        this.place = place;
        this.namespace = namespace;
        this.texts = new HostileTexts(kit.random());
    }

    void run(int count) {
        for (int i = 0; i < count; i++) {
            String text = texts.next(place.rule());
            if (!place.rule().takes(text)) {
                refuse(text);
            } else if (!kept.containsKey(text) && fits(text)) {
                keep(text);
            }
        }
        flush();
        kept.forEach((text, number) -> look(text, place.none() && text.isEmpty() ? List.of() : List.of(number)));
        Set<String> asked = new HashSet<>(kept.keySet());
        for (String text : kept.keySet()) {
            String like = texts.alike(text);
            if (asked.add(like)) {
                look(like, List.of());
            }
        }
    }

    /** Returns whether a payload that has the text three times is not too large for the backend. */
    private boolean fits(String text) {
        return 4L * text.length() < kit.info().limits().payloadBytes();
    }

    private void refuse(String text) {
        for (Place.Call call : place.calls()) {
            HostileTextSuite.refused(kit, place.name(), text, call.field(), () -> {
                call.call().accept(namespace, text);
                return true;
            });
        }
        if (!place.found().takes(text)) {
            HostileTextSuite.refused(
                    kit, place.name(), text, "", () -> place.find().find(namespace, text));
        }
    }

    private void keep(String text) {
        int number = kept.size() + 1;
        try {
            place.keep().keep(namespace, pending::add, text, number);
            pendingChars += text.length();
            if (pending.size() >= BATCH
                    || pendingChars > BATCH_CHARS
                    || kit.info().atomicity() == Atomicity.ENTITY) {
                flush();
            }
        } catch (ContextException failed) {
            throw failure(kit, place.name(), text, "is not kept: " + failed, failed);
        }
        kept.put(text, number);
    }

    private void flush() {
        if (kit.info().atomicity() == Atomicity.ENTITY) {
            pending.forEach(mutation -> namespace.batch().add(mutation).apply());
        } else if (!pending.isEmpty()) {
            var batch = namespace.batch();
            pending.forEach(batch::add);
            batch.apply();
        }
        pending.clear();
        pendingChars = 0;
    }

    private void look(String text, List<Integer> expected) {
        if (!place.found().takes(text)) {
            HostileTextSuite.refused(
                    kit, place.name(), text, "", () -> place.find().find(namespace, text));
            return;
        }
        List<Integer> found;
        try {
            found = place.find().find(namespace, text);
        } catch (ContextException failed) {
            throw failure(kit, place.name(), text, "cannot be looked for: " + failed, failed);
        }
        if (!found.equals(expected)) {
            StringBuilder others = new StringBuilder();
            kept.forEach((other, number) -> {
                if (found.contains(number) && !other.equals(text)) {
                    others.append(", that of ").append(shown(other));
                }
            });
            throw failure(kit, place.name(), text, "finds " + found + " instead of " + expected + others, null);
        }
    }

    static AssertionError failure(Kit kit, String place, String text, String problem, @Nullable Throwable cause) {
        return new AssertionError(
                kit.info().product() + ", " + place + ": " + shown(text) + " " + problem
                        + " [repeat with -Dcontextdb.seed=" + kit.seed() + "]",
                cause);
    }

    /** Returns a text as it stands in Java, so that what cannot be seen is seen. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder("\"");
        for (char c : text.substring(0, Math.min(text.length(), SHOWN)).toCharArray()) {
            shown.append(
                    c == '"' || c == '\\'
                            ? "\\" + c
                            : c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return shown.append(text.length() > SHOWN ? "\" and more, " + text.length() + " characters" : "\"")
                .toString();
    }
}
