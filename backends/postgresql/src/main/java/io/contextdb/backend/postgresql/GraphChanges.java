package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.List;
import java.util.UUID;

/** Changes of the graph (contract N): hands on to those of nodes, edges and sources. */
final class GraphChanges implements Changes<GraphMutation> {
    private final NodeChanges nodes = new NodeChanges();
    private final EdgeChanges edges = new EdgeChanges(nodes);
    private final SourceChanges sources = new SourceChanges();

    @Override
    public void load(Script script, int namespace, List<GraphMutation> mutations) {
        nodes.load(script, namespace, mutations);
        edges.load(script, namespace, mutations);
    }

    @Override
    public MutationResult apply(GraphMutation mutation, Step step) {
        return switch (mutation) {
            case GraphMutation.PutNode put -> nodes.put(put, step);
            case GraphMutation.RetractNode retract -> nodes.retract(retract, step);
            case GraphMutation.PutEdge put -> edges.put(put, step);
            case GraphMutation.RetractEdge retract -> edges.retract(retract, step);
            case GraphMutation.PutSource put -> sources.put(put);
            case GraphMutation.AddEvidence add -> sources.add(add);
            case GraphMutation.Erase erase -> throw new IllegalStateException("erasure is done by the server");
        };
    }

    static InvalidRequestException absent(String kind, UUID id) {
        return new InvalidRequestException(ErrorCode.NOT_FOUND, kind + ".id", "no " + kind + " has the id " + id);
    }

    /** A retraction ends validity now; what ended before stays ended, what had not begun never begins (contract N5). */
    static long end(long validFrom, long validTo, long now) {
        return Math.max(validFrom, Math.min(validTo, now));
    }

    @Override
    public void keep() {
        nodes.keep();
        edges.keep();
        sources.keep();
    }

    @Override
    public void undo() {
        nodes.undo();
        edges.undo();
        sources.undo();
    }

    @Override
    public void flush(Script script, int namespace) {
        nodes.flush(script, namespace);
        edges.flush(script, namespace);
        sources.flush(script, namespace);
    }
}
