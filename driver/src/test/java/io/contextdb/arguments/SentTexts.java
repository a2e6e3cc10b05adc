package io.contextdb.arguments;

import io.contextdb.spi.value.PropertyMap;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at all the texts in what reaches a backend, however deep, and remembers those that it must not see. */
final class SentTexts {
    /** The longest text that is no property or payload. */
    private static final int LONGEST = 1 << 20;

    private static final Set<String> NO_PARTS =
            Set.of("toString", "hashCode", "toBuilder", "digest", "estimatedBytes", "toArray", "utf8", "requires");

    private final List<String> refused = new ArrayList<>();

    /** Returns what a backend saw and should not have, and forgets it. */
    List<String> refused() {
        List<String> found = List.copyOf(refused);
        refused.clear();
        return found;
    }

    void look(Object sent) {
        look(sent, Long.MAX_VALUE, "");
    }

    private void look(Object sent, long longest, String where) {
        if (sent instanceof String text) {
            check(text, longest, where);
        } else if (sent instanceof PropertyMap properties) {
            look(properties.asMap(), Long.MAX_VALUE, where);
        } else if (sent instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                look(key, longest, where + ".key");
                look(value, longest, where + "." + key);
            });
        } else if (sent instanceof Collection<?> list) {
            list.forEach(element -> look(element, longest, where + "[]"));
        } else if (sent instanceof Optional<?> optional) {
            optional.ifPresent(value -> look(value, longest, where));
        } else if (sent != null
                && sent.getClass().getName().startsWith("io.contextdb.spi.")
                && !(sent instanceof Enum<?>)) {
            parts(sent, where);
        }
    }

    private void parts(Object whole, String where) {
        for (Method method : whole.getClass().getMethods()) {
            boolean part = method.getParameterCount() == 0
                    && method.getDeclaringClass() == whole.getClass()
                    && !Modifier.isStatic(method.getModifiers())
                    && !method.getReturnType().equals(whole.getClass())
                    && !NO_PARTS.contains(method.getName());
            if (part) {
                // The steps of a path are keys of properties, which a payload limits.
                long longest = method.getName().equals("path") ? Long.MAX_VALUE : LONGEST;
                look(call(method, whole), longest, where + "." + method.getName());
            }
        }
    }

    private static Object call(Method method, Object whole) {
        try {
            method.setAccessible(true);
            return method.invoke(whole);
        } catch (IllegalAccessException | InvocationTargetException failed) {
            throw new AssertionError(method + " cannot be read", failed);
        }
    }

    private void check(String text, long longest, String where) {
        boolean valid = text.indexOf(0) < 0
                && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (!valid || text.length() > longest) {
            refused.add(where + ": " + text.substring(0, Math.min(20, text.length())));
        }
    }
}
