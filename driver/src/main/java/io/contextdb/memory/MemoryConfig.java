package io.contextdb.memory;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What memory works with on the side of the application: an embedder and a judge of contradictions. Immutable. */
public final class MemoryConfig {
    private static final MemoryConfig NONE = new MemoryConfig(null, null);

    private final @Nullable Embedder embedder;
    private final @Nullable ContradictionJudge judge;

    private MemoryConfig(@Nullable Embedder embedder, @Nullable ContradictionJudge judge) {
        this.embedder = embedder;
        this.judge = judge;
    }

    /** Returns a configuration without embedder and judge: texts are found by their words only. */
    public static MemoryConfig none() {
        return NONE;
    }

    /** Returns the same configuration with an embedder. */
    public MemoryConfig withEmbedder(Embedder other) {
        if (other == null) {
            throw new InvalidRequestException("memory.embedder", "must not be null");
        }
        return new MemoryConfig(other, judge);
    }

    /** Returns the same configuration with a judge of contradictions (contract M3). */
    public MemoryConfig withJudge(ContradictionJudge other) {
        if (other == null) {
            throw new InvalidRequestException("memory.judge", "must not be null");
        }
        return new MemoryConfig(embedder, other);
    }

    /** Returns the embedder. */
    public Optional<Embedder> embedder() {
        return Optional.ofNullable(embedder);
    }

    /** Returns the judge. */
    public Optional<ContradictionJudge> judge() {
        return Optional.ofNullable(judge);
    }
}
