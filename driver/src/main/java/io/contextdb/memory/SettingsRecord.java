package io.contextdb.memory;

import io.contextdb.Namespace;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.VectorMutation;
import java.util.Optional;

/** The settings of a namespace's memory, stored with it as a document, together with its vector space. */
record SettingsRecord(Namespace namespace) {
    static final String COLLECTION = "contextdb.memory";
    private static final String ID = "settings";

    Optional<MemorySettings> read() {
        return namespace.documents(COLLECTION).get(ID).map(document -> parse(document.body()));
    }

    private static MemorySettings parse(PropertyMap stored) {
        try {
            return MemorySettings.of(stored);
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            throw new CorruptDataException(
                    "the settings of the memory are not readable; were they written by a newer version?", unreadable);
        }
    }

    /** Stores settings unless there are some, and returns those that hold. */
    MemorySettings create(MemorySettings wanted) {
        try {
            namespace
                    .batch()
                    .add(new DocumentMutation.PutDocument(
                            COLLECTION, ID, wanted.toProperties(), "", Condition.absent()))
                    .add(new VectorMutation.CreateSpace(wanted.space()))
                    .apply();
            return wanted;
        } catch (PreconditionFailedException other) {
            return read().orElseThrow(() -> other);
        }
    }

    /** Refuses an embedder whose vectors cannot be compared with those that are stored (contract M5). */
    static void check(MemorySettings settings, MemoryConfig config) {
        config.embedder().ifPresent(embedder -> check(settings, embedder.model()));
    }

    private static void check(MemorySettings settings, EmbeddingModel model) {
        if (settings.space().dimensions() != model.dimensions()
                || !settings.space().model().equals(model.id())) {
            throw new InvalidRequestException(
                    "memory.embedder",
                    "makes vectors of " + model.dimensions() + " dimensions with the model '" + model.id()
                            + "', but this memory has " + settings.space().dimensions()
                            + " dimensions of the model '" + settings.space().model()
                            + "'; use that embedder, or another namespace");
        }
    }
}
