package io.contextdb.spi.write;

import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.PropertyMap;
import java.util.List;

/** Changes of documents (contract D). A collection's name is 1 to 128 bytes, an id 1 to 512. */
public sealed interface DocumentMutation extends Mutation {
    /** Returns the name of the collection. */
    String collection();

    /**
     * Puts a document in place of one with its id. Result: {@link MutationResult.Written} or
     * {@link MutationResult.Skipped}.
     *
     * @param collection name of the collection
     * @param id id of the document
     * @param body the JSON object
     * @param subject what it is about, with which it is erased (N6); "" for nothing
     * @param condition on its current version
     */
    record PutDocument(String collection, String id, PropertyMap body, String subject, Condition condition)
            implements DocumentMutation {
        /** Checks the parts. */
        public PutDocument {
            checkNames(collection, id);
            Check.notNull("document.body", body);
            TextRule.SUBJECT.check("document.subject", subject);
            Check.notNull("document.condition", condition);
        }

        /** Returns an unconditional put of a document about nothing. */
        public static PutDocument of(String collection, String id, PropertyMap body) {
            return new PutDocument(collection, id, body, "", Condition.none());
        }

        @Override
        public long estimatedBytes() {
            return 96 + body.estimatedBytes();
        }
    }

    /**
     * Applies a JSON merge patch (RFC 7396) to a document, or to an empty one if it is absent (D3). Result:
     * {@link MutationResult.Written} or {@link MutationResult.Skipped}.
     *
     * @param collection name of the collection
     * @param id id of the document
     * @param patch the patch
     * @param condition on its current version
     */
    record PatchDocument(String collection, String id, PropertyMap patch, Condition condition)
            implements DocumentMutation {
        /** Checks the parts. */
        public PatchDocument {
            checkNames(collection, id);
            Check.notNull("document.patch", patch);
            Check.notNull("document.condition", condition);
        }

        @Override
        public long estimatedBytes() {
            return 96 + patch.estimatedBytes();
        }
    }

    /**
     * Removes a document. Result: {@link MutationResult.Removed} with 1 or 0, or {@link MutationResult.Skipped}.
     *
     * @param collection name of the collection
     * @param id id of the document
     * @param condition on its current version
     */
    record DeleteDocument(String collection, String id, Condition condition) implements DocumentMutation {
        /** Checks the parts. */
        public DeleteDocument {
            checkNames(collection, id);
            Check.notNull("document.condition", condition);
        }
    }

    /**
     * Declares that a path is often filtered or sorted by; changes speed only (D4). Result: {@link MutationResult.Done}.
     *
     * @param collection name of the collection
     * @param path keys from the root to the value, 1 to 64
     */
    record DeclareIndex(String collection, List<String> path) implements DocumentMutation {
        /** Checks the parts. */
        public DeclareIndex {
            TextRule.COLLECTION.check("document.collection", collection);
            path = TextRule.PROPERTY_KEY.all("index.path", path, PropertyMap.MAX_DEPTH);
            Check.range("index.path", path.size(), 1, PropertyMap.MAX_DEPTH);
        }
    }

    private static void checkNames(String collection, String id) {
        TextRule.COLLECTION.check("document.collection", collection);
        TextRule.DOCUMENT_ID.check("document.id", id);
    }

    @Override
    default Capability requires() {
        return Capability.DOCUMENTS;
    }

    @Override
    default long estimatedBytes() {
        return 64;
    }
}
