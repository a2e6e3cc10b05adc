package io.contextdb.internal.scaled;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The state of a store and the writes that made it, so that the store can lose its last ones. */
final class SimLog<S> {
    private final Supplier<S> empty;
    private final List<Consumer<S>> writes = new ArrayList<>();
    private S state;

    SimLog(Supplier<S> empty) {
        this.empty = empty;
        this.state = empty.get();
    }

    S state() {
        return state;
    }

    void write(Consumer<S> write) {
        writes.add(write);
        write.accept(state);
    }

    int size() {
        return writes.size();
    }

    /** Forgets the last writes. */
    void lose(int last) {
        writes.subList(Math.max(0, writes.size() - last), writes.size()).clear();
        state = empty.get();
        writes.forEach(write -> write.accept(state));
    }
}
