package io.contextdb.backend.memory;

import io.contextdb.spi.graph.Revision;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/** Every version of one entity, oldest first; there is at least one. */
record Chain<T>(PVector<T> closed, T current) {
    static <T> Chain<T> of(T first) {
        return new Chain<>(TreePVector.empty(), first);
    }

    Chain<T> append(T superseded, T next) {
        return new Chain<>(closed.plus(superseded), next);
    }

    int size() {
        return closed.size() + 1;
    }

    T get(int index) {
        return index == closed.size() ? current : closed.get(index);
    }

    /** Returns the version that was current at an instant of transaction time; null before the first. */
    @Nullable
    T heldAt(Instant knownAt, Function<T, Revision> revision) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (revision.apply(get(middle)).transaction().from().isAfter(knownAt)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == 0 ? null : get(low - 1);
    }
}
