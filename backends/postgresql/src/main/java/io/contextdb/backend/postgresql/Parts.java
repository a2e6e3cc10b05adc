package io.contextdb.backend.postgresql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement that grows part by part, with the values that it binds. Not thread-safe. */
final class Parts {
    private final List<String> texts = new ArrayList<>();
    private final List<@Nullable Object> values = new ArrayList<>();

    Parts add(String sql, @Nullable Object... bound) {
        texts.add(sql);
        values.addAll(Arrays.asList(bound));
        return this;
    }

    Parts add(Parts next) {
        texts.addAll(next.texts);
        values.addAll(next.values);
        return this;
    }

    /** Returns the statement's text in its parts; most are constants, so that the whole is known again by them. */
    List<String> texts() {
        return texts;
    }

    List<@Nullable Object> values() {
        return values;
    }
}
