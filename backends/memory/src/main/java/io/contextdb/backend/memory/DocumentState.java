package io.contextdb.backend.memory;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.value.CodePointOrder;
import java.util.Comparator;
import org.pcollections.TreePMap;

/**
 * The documents of a snapshot.
 *
 * @param collections documents by collection and id; no collection is empty
 * @param removed highest version of a document that was removed: a new one begins above it
 * @param subjects documents by subject
 */
record DocumentState(
        TreePMap<String, TreePMap<String, Document>> collections, long removed, SubjectIndex<Key> subjects) {
    static final TreePMap<String, Document> NONE = TreePMap.empty(CodePointOrder.INSTANCE);

    static final DocumentState EMPTY =
            new DocumentState(TreePMap.empty(CodePointOrder.INSTANCE), 0, SubjectIndex.empty(Key.ORDER));

    /** Where a document is. */
    record Key(String collection, String id) {
        static final Comparator<Key> ORDER = Comparator.comparing(Key::collection, CodePointOrder.INSTANCE)
                .thenComparing(Key::id, CodePointOrder.INSTANCE);
    }

    TreePMap<String, Document> collection(String name) {
        return collections.getOrDefault(name, NONE);
    }

    /** Returns no documents, and that new ones begin above all that were there. */
    DocumentState dropped() {
        long highest = collections.values().stream()
                .flatMap(collection -> collection.values().stream())
                .mapToLong(Document::version)
                .max()
                .orElse(0);
        return new DocumentState(EMPTY.collections, Math.max(removed, highest), EMPTY.subjects);
    }

    long size() {
        return collections.values().stream().mapToLong(TreePMap::size).sum();
    }
}
