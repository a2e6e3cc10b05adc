package io.contextdb.backend.postgresql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a statement that grows, with the values that it binds. Not thread-safe. */
final class Parts {
    private final StringBuilder text = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    Parts add(String sql, @Nullable Object... bound) {
        text.append(sql);
        values.addAll(Arrays.asList(bound));
        return this;
    }

    Parts add(Parts next) {
        text.append(next.text);
        values.addAll(next.values);
        return this;
    }

    String sql() {
        return text.toString();
    }

    @Nullable
    Object[] values() {
        return values.toArray();
    }
}
