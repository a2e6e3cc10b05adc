package io.contextdb.backend.memory;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** Changes of documents within one batch (contract D). Not thread-safe. */
final class DocumentChanges {
    private TreePMap<String, TreePMap<String, Document>> collections;
    private long removed;
    private SubjectIndex<DocumentState.Key> subjects;

    DocumentChanges(DocumentState before) {
        collections = before.collections();
        removed = before.removed();
        subjects = before.subjects();
    }

    DocumentState state() {
        return new DocumentState(collections, removed, subjects);
    }

    MutationResult apply(DocumentMutation mutation, Step step) {
        return switch (mutation) {
            case DocumentMutation.PutDocument put ->
                write(put.collection(), put.id(), put.condition(), step, old -> new Draft(put.body(), put.subject()));
            case DocumentMutation.PatchDocument patch ->
                write(
                        patch.collection(),
                        patch.id(),
                        patch.condition(),
                        step,
                        old -> old == null
                                ? new Draft(PropertyMap.empty().patched(patch.patch()), "")
                                : new Draft(old.body().patched(patch.patch()), old.subject()));
            case DocumentMutation.DeleteDocument delete -> delete(delete, step);
            // A scan of the memory needs no index; the declaration changes no answer (D4).
            case DocumentMutation.DeclareIndex declare -> new MutationResult.Done();
        };
    }

    private record Draft(PropertyMap body, String subject) {}

    private MutationResult write(
            String collection, String id, Condition condition, Step step, Function<@Nullable Document, Draft> next) {
        Document old = get(collection, id);
        long current = old == null ? 0 : old.version();
        if (!step.admits(condition, current, "document '" + id + "'")) {
            return new MutationResult.Skipped(current);
        }
        Draft draft = next.apply(old);
        long version = (old == null ? removed : current) + 1;
        Document document = new Document(id, draft.body(), draft.subject(), version, step.time());
        DocumentState.Key key = new DocumentState.Key(collection, id);
        collections = collections.plus(
                collection,
                collections.getOrDefault(collection, DocumentState.NONE).plus(id, document));
        subjects = (old == null ? subjects : subjects.minus(old.subject(), key)).plus(draft.subject(), key);
        return new MutationResult.Written(version);
    }

    private MutationResult delete(DocumentMutation.DeleteDocument delete, Step step) {
        Document old = get(delete.collection(), delete.id());
        long current = old == null ? 0 : old.version();
        if (!step.admits(delete.condition(), current, "document '" + delete.id() + "'")) {
            return new MutationResult.Skipped(current);
        }
        if (old != null) {
            remove(delete.collection(), old);
        }
        return new MutationResult.Removed(old == null ? 0 : 1);
    }

    /** Removes the documents about a subject. */
    void erase(String subject) {
        for (DocumentState.Key key : subjects.about(subject)) {
            Document document = get(key.collection(), key.id());
            if (document != null) {
                remove(key.collection(), document);
            }
        }
    }

    private void remove(String collection, Document document) {
        TreePMap<String, Document> left =
                collections.getOrDefault(collection, DocumentState.NONE).minus(document.id());
        collections = left.isEmpty() ? collections.minus(collection) : collections.plus(collection, left);
        subjects = subjects.minus(document.subject(), new DocumentState.Key(collection, document.id()));
        removed = Math.max(removed, document.version());
    }

    private @Nullable Document get(String collection, String id) {
        return collections.getOrDefault(collection, DocumentState.NONE).get(id);
    }
}
