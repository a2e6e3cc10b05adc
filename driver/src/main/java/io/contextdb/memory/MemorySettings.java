package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorSpace;

/**
 * How a namespace remembers. Stored in the namespace with its first memory, and the same for every client from then on
 * (contract M5).
 *
 * @param mode what the memory is for; default general
 * @param space the vector space of the memories, {@value #SPACE} by default; its dimensions are 0 where there are no vectors
 * @param noveltyThreshold what the credibility's lower bound times the novelty must reach, in [0, 1]; 0 turns it off
 */
public record MemorySettings(MemoryMode mode, VectorSpace space, double noveltyThreshold) {
    /** Name of the vector space by default. */
    public static final String SPACE = "memory";

    /** Checks the threshold. */
    public MemorySettings {
        if (mode == null || space == null) {
            throw new InvalidRequestException("memory.settings", "must have a mode and a space");
        }
        Arguments.number("memory.noveltyThreshold", noveltyThreshold, 0, 1);
    }

    /** Returns the settings of a general memory whose vectors a model makes. */
    public static MemorySettings forModel(EmbeddingModel model) {
        Arguments.required("memory.model", model);
        return new MemorySettings(
                MemoryMode.GENERAL, new VectorSpace(SPACE, model.dimensions(), Metric.COSINE, model.id()), 0);
    }

    /** Returns the settings of a general memory whose vectors, of some length, the application makes; 0 for none. */
    public static MemorySettings forVectors(int dimensions) {
        Arguments.number("memory.dimensions", dimensions, 0, Vector.MAX_DIMENSIONS);
        return new MemorySettings(MemoryMode.GENERAL, VectorSpace.cosine(SPACE, dimensions), 0);
    }

    /** Returns the same settings in another mode. */
    public MemorySettings mode(MemoryMode other) {
        return new MemorySettings(other, space, noveltyThreshold);
    }

    /** Returns the same settings with another threshold. */
    public MemorySettings noveltyThreshold(double other) {
        return new MemorySettings(mode, space, other);
    }

    PropertyMap toProperties() {
        return PropertyMap.of("mode", mode.name(), "noveltyThreshold", noveltyThreshold)
                .with("space", space.name())
                .with("dimensions", space.dimensions())
                .with("metric", space.metric().name())
                .with("model", space.model());
    }

    static MemorySettings of(PropertyMap stored) {
        return new MemorySettings(
                MemoryMode.valueOf(stored.string("mode").orElse("")),
                new VectorSpace(
                        stored.string("space").orElse(""),
                        Math.toIntExact(stored.integer("dimensions").orElse(-1L)),
                        Metric.valueOf(stored.string("metric").orElse("")),
                        stored.string("model").orElse("")),
                stored.number("noveltyThreshold").orElse(0.0));
    }
}
