package io.contextdb.backend.postgresql;

import java.util.ArrayList;
import java.util.List;

/** What is to be written, in order; what the present batch adds can be taken back. Not thread-safe. */
final class Pending<T> {
    private final List<T> all = new ArrayList<>();
    private int kept;

    void add(T item) {
        all.add(item);
    }

    List<T> all() {
        return all;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    void keep() {
        kept = all.size();
    }

    void undo() {
        all.subList(kept, all.size()).clear();
    }
}
