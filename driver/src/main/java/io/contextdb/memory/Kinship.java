package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.graph.Edge;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedSet;

/**
 * Why two memories belong together.
 *
 * @param path edges of a shortest path between them, from the first on; empty if there is none within four hops
 * @param sharedLabels labels that both carry
 * @param sameSource whether one source states both
 * @param similarity similarity of their vectors; empty where one has none
 */
public record Kinship(List<Edge> path, SortedSet<String> sharedLabels, boolean sameSource, OptionalDouble similarity) {
    /** Copies. */
    public Kinship {
        path = Arguments.copy("path", path);
    }
}
