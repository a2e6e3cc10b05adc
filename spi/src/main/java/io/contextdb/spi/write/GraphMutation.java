package io.contextdb.spi.write;

import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.PropertyMap;
import java.util.List;
import java.util.SortedSet;
import java.util.UUID;

/** Changes of the graph (contract N). */
public sealed interface GraphMutation extends Mutation {
    /** What happens when another current, valid node carries the fingerprint (N10). */
    enum Fingerprints {
        /** Nothing; several nodes may carry it. */
        SHARED,
        /** The node is not written; the result is {@link MutationResult.Existing}. The rest of the batch applies. */
        UNIQUE_OR_EXISTING,
        /** The batch fails with a {@link io.contextdb.spi.error.PreconditionFailedException} that names the holder. */
        UNIQUE_OR_FAIL
    }

    /**
     * Appends a version of a node (N1). Result: {@link MutationResult.Written}, {@link MutationResult.Existing} or
     * {@link MutationResult.Skipped}.
     *
     * @param draft the version
     * @param condition on the node's current version
     * @param fingerprints what another holder of the fingerprint means; ignored where the draft has none
     */
    record PutNode(NodeDraft draft, Condition condition, Fingerprints fingerprints) implements GraphMutation {
        /** Refuses nulls. */
        public PutNode {
            Check.notNull("putNode.draft", draft);
            Check.notNull("putNode.condition", condition);
            Check.notNull("putNode.fingerprints", fingerprints);
        }

        @Override
        public long estimatedBytes() {
            return 128
                    + draft.content().properties().estimatedBytes()
                    + 16L * draft.content().labels().size();
        }
    }

    /**
     * Appends a version of a node whose validity ends now (N5). Result: {@link MutationResult.Written} or
     * {@link MutationResult.Skipped}; a node that is absent fails the batch with
     * {@link io.contextdb.spi.error.ErrorCode#NOT_FOUND}.
     *
     * @param id the node
     * @param reason 1 to 2,048 bytes
     * @param condition on the node's current version
     */
    record RetractNode(UUID id, String reason, Condition condition) implements GraphMutation {
        /** Checks the reason. */
        public RetractNode {
            Check.notNull("retractNode.id", id);
            TextRule.REASON.check("retractNode.reason", reason);
            Check.notNull("retractNode.condition", condition);
        }
    }

    /**
     * Appends a version of an edge; its end points must exist in the namespace or earlier in the batch (N7), and do not
     * change between versions. Result: {@link MutationResult.Written} or {@link MutationResult.Skipped}.
     *
     * @param draft the version
     * @param condition on the edge's current version
     */
    record PutEdge(EdgeDraft draft, Condition condition) implements GraphMutation {
        /** Refuses nulls. */
        public PutEdge {
            Check.notNull("putEdge.draft", draft);
            Check.notNull("putEdge.condition", condition);
        }

        @Override
        public long estimatedBytes() {
            return 160 + draft.content().properties().estimatedBytes();
        }
    }

    /**
     * Appends a version of an edge whose validity ends now. Results and errors as for {@link RetractNode}.
     *
     * @param id the edge
     * @param reason 1 to 2,048 bytes
     * @param condition on the edge's current version
     */
    record RetractEdge(UUID id, String reason, Condition condition) implements GraphMutation {
        /** Checks the reason. */
        public RetractEdge {
            Check.notNull("retractEdge.id", id);
            TextRule.REASON.check("retractEdge.reason", reason);
            Check.notNull("retractEdge.condition", condition);
        }
    }

    /**
     * Creates a source with Beta(1, 1), or replaces the labels and properties of one that exists; its evidence stays (N9).
     * Result: {@link MutationResult.Done}.
     *
     * @param externalId key of the source, 1 to 512 bytes
     * @param labels its labels
     * @param properties its properties
     */
    record PutSource(String externalId, SortedSet<String> labels, PropertyMap properties) implements GraphMutation {
        /** Checks the parts. */
        public PutSource {
            TextRule.EXTERNAL_ID.check("putSource.externalId", externalId);
            labels = Check.labels("putSource.labels", labels);
            Check.notNull("putSource.properties", properties);
        }

        @Override
        public long estimatedBytes() {
            return 64 + properties.estimatedBytes();
        }
    }

    /**
     * Adds evidence to a source, atomically; a source that does not exist starts from Beta(1, 1) (N9). Result:
     * {@link MutationResult.Done}.
     *
     * @param externalId key of the source, 1 to 512 bytes
     * @param alpha evidence for it, 0 to 1,000,000
     * @param beta evidence against it, 0 to 1,000,000
     */
    record AddEvidence(String externalId, double alpha, double beta) implements GraphMutation {
        /** Checks the parts. */
        public AddEvidence {
            TextRule.EXTERNAL_ID.check("addEvidence.externalId", externalId);
            Check.range("addEvidence.alpha", alpha, 0, 1_000_000);
            Check.range("addEvidence.beta", beta, 0, 1_000_000);
        }
    }

    /**
     * Removes every version of nodes and all that belongs to them: edges at them, points with their id, and points, keys,
     * documents and event payloads whose subject is their id. A tombstone without content stays (N6): the id cannot be
     * written again. Result: {@link MutationResult.Removed} with the number of nodes that were there.
     *
     * @param ids the nodes, 1 to 10,000
     */
    record Erase(List<UUID> ids) implements GraphMutation {
        /** Checks the size. */
        public Erase {
            ids = Check.list("erase.ids", ids, 10_000);
            Check.range("erase.ids", ids.size(), 1, 10_000);
        }

        @Override
        public Capability requires() {
            return Capability.ERASURE;
        }
    }

    @Override
    default Capability requires() {
        return Capability.GRAPH;
    }

    @Override
    default long estimatedBytes() {
        return 64;
    }
}
