package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.AsOf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The condition that a version was held by the system, and valid, at a point of both axes (contract N3). What is known now
 * is asked so that the indexes of current versions answer.
 *
 * @param sql the condition, beginning with AND
 * @param bound its values
 */
record Held(String sql, List<@Nullable Object> bound) {
    static Held at(AsOf asOf, String alias, int namespace) {
        List<@Nullable Object> bound = new ArrayList<>();
        String known;
        if (asOf.knownAt().isPresent()) {
            long micros = Columns.of(asOf.knownAt().get());
            known = " AND " + alias + ".tx_from <= ? AND " + alias + ".tx_to > ?";
            bound.addAll(List.of(micros, micros));
        } else {
            known = " AND " + alias + ".tx_to = " + Columns.OPEN;
        }
        String valid = asOf.validAt().isPresent() ? "?" : Snapshot.NOW;
        Object at =
                asOf.validAt().isPresent() ? (Object) Columns.of(asOf.validAt().get()) : (Object) namespace;
        bound.addAll(List.of(at, at));
        return new Held(
                known + " AND " + alias + ".valid_from <= " + valid + " AND " + alias + ".valid_to > " + valid, bound);
    }

    /** Returns what is bound before, and the values of the condition. */
    @Nullable
    Object[] values(@Nullable Object... before) {
        List<@Nullable Object> all = new ArrayList<>();
        all.addAll(Arrays.asList(before));
        all.addAll(bound);
        return all.toArray();
    }
}
