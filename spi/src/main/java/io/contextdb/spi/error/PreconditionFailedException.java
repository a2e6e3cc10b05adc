package io.contextdb.spi.error;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A condition of one mutation did not hold, so the whole batch was left out (contract G5). */
public final class PreconditionFailedException extends ContextNonTransientException {
    private static final long serialVersionUID = 1L;

    private final int mutationIndex;
    private final long currentVersion;
    private final @Nullable UUID existingId;

    /**
     * Creates the error.
     *
     * @param mutationIndex position of the mutation in its batch, from 0
     * @param problem what was expected and what was found
     * @param currentVersion the entity's current version; 0 if it is absent
     * @param existingId the entity that holds a unique fingerprint, if that was the condition
     */
    public PreconditionFailedException(
            int mutationIndex, String problem, long currentVersion, @Nullable UUID existingId) {
        super(ErrorCode.PRECONDITION_FAILED, "mutation " + mutationIndex + ": " + problem, null);
        this.mutationIndex = mutationIndex;
        this.currentVersion = currentVersion;
        this.existingId = existingId;
    }

    /** Returns the position of the mutation in its batch, from 0. */
    public int mutationIndex() {
        return mutationIndex;
    }

    /** Returns the entity's current version; 0 if it is absent. */
    public long currentVersion() {
        return currentVersion;
    }

    /** Returns the entity that already holds the fingerprint that was to be unique. */
    public Optional<UUID> existingId() {
        return Optional.ofNullable(existingId);
    }
}
