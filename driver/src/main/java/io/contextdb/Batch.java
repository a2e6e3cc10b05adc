package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Session;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A unit of work over all five models of a namespace, applied all or nothing (contract G5). The operation id is made when
 * the batch is begun, so that applying it again, after an unknown outcome, is harmless (G6). Not thread-safe.
 *
 * <pre>{@code
 * namespace.batch()
 *         .put(node)
 *         .put("default", point)
 *         .append(EventDraft.of("noted", PropertyMap.of("id", node.id().toString())))
 *         .apply();
 * }</pre>
 */
public final class Batch {
    private final Session session;
    private final NamespaceName namespace;
    private final List<Mutation> mutations = new ArrayList<>();
    private UUID operationId = UuidV7.next();

    Batch(Session session, NamespaceName namespace) {
        this.session = session;
        this.namespace = namespace;
    }

    /** Uses an operation id of the caller's, of version 7, kept for a retry from another process. */
    public Batch operationId(UUID id) {
        operationId = Arguments.required("operationId", id);
        return this;
    }

    /** Adds any mutation. */
    public Batch add(Mutation mutation) {
        mutations.add(Arguments.required("mutation", mutation));
        return this;
    }

    /** Appends a version of a node. */
    public Batch put(NodeDraft node) {
        return add(new GraphMutation.PutNode(node, Condition.none(), GraphMutation.Fingerprints.SHARED));
    }

    /** Appends a version of an edge. */
    public Batch put(EdgeDraft edge) {
        return add(new GraphMutation.PutEdge(edge, Condition.none()));
    }

    /** Ends the validity of a node now. */
    public Batch retract(UUID node, String reason) {
        return add(new GraphMutation.RetractNode(node, reason, Condition.none()));
    }

    /** Puts a point into a vector space. */
    public Batch put(String space, VectorPoint point) {
        return add(new VectorMutation.PutPoint(space, point));
    }

    /** Removes a point from a vector space. */
    public Batch deletePoint(String space, UUID id) {
        return add(new VectorMutation.DeletePoint(space, id));
    }

    /** Puts the value of a key. */
    public Batch put(String key, Bytes value) {
        return add(KeyMutation.PutKey.of(key, value));
    }

    /** Adds to a counter. */
    public Batch increment(String key, long delta) {
        return add(new KeyMutation.Increment(key, delta));
    }

    /** Appends an event. */
    public Batch append(EventDraft event) {
        return add(new EventMutation.Append(event));
    }

    /** Puts a {@link Document}. */
    public Batch put(String collection, String id, PropertyMap body) {
        return add(DocumentMutation.PutDocument.of(collection, id, body));
    }

    /** Returns the batch as it would be applied. */
    public WriteBatch build() {
        return new WriteBatch(namespace, operationId, mutations);
    }

    /** Applies the batch, all or nothing, and returns one result per mutation. */
    public WriteReceipt apply() {
        return session.apply(build());
    }
}
