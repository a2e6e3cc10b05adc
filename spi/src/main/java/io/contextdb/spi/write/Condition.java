package io.contextdb.spi.write;

import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.internal.Check;

/**
 * What must hold for a mutation to apply.
 *
 * @param kind what is required of the entity
 * @param version for {@link Kind#VERSION} the version it must have, from 1; else 0
 * @param otherwise what happens if it does not hold
 */
public record Condition(Kind kind, long version, Otherwise otherwise) {
    /** What is required. */
    public enum Kind {
        /** Nothing. */
        ALWAYS,
        /** The entity must not be there; an expired key is not. */
        ABSENT,
        /** The entity must be there with that version as its current one. */
        VERSION
    }

    /** What happens if it does not hold. */
    public enum Otherwise {
        /** The whole batch fails with {@link io.contextdb.spi.error.PreconditionFailedException}. */
        FAIL,
        /** This mutation is left out, the others apply; its result is {@link MutationResult.Skipped}. */
        SKIP
    }

    private static final Condition NONE = new Condition(Kind.ALWAYS, 0, Otherwise.FAIL);

    /** Checks the version. */
    public Condition {
        Check.notNull("condition.kind", kind);
        Check.range(
                "condition.version", version, kind == Kind.VERSION ? 1 : 0, kind == Kind.VERSION ? Long.MAX_VALUE : 0);
        Check.notNull("condition.otherwise", otherwise);
    }

    /** Requires nothing. */
    public static Condition none() {
        return NONE;
    }

    /** Requires that the entity is not there. */
    public static Condition absent() {
        return new Condition(Kind.ABSENT, 0, Otherwise.FAIL);
    }

    /** Requires a current version. */
    public static Condition version(long version) {
        return new Condition(Kind.VERSION, version, Otherwise.FAIL);
    }

    /** Returns the same requirement that leaves out its mutation instead of failing the batch. */
    public Condition orSkip() {
        return new Condition(kind, version, Otherwise.SKIP);
    }

    /** Returns whether it holds for an entity's current version; 0 if it is absent. */
    public boolean holds(long currentVersion) {
        return switch (kind) {
            case ALWAYS -> true;
            case ABSENT -> currentVersion == 0;
            case VERSION -> currentVersion == version;
        };
    }

    /**
     * Judges it for a mutation: true if the mutation is to be applied, false if it is to be left out.
     *
     * @param mutationIndex position of the mutation in its batch, from 0
     * @param currentVersion the entity's version; 0 if it is absent
     * @param entity the entity, for the error: {@code "key 'a'"}
     * @throws PreconditionFailedException if the batch is to fail
     */
    public boolean admits(int mutationIndex, long currentVersion, String entity) {
        if (holds(currentVersion) || otherwise == Otherwise.SKIP) {
            return holds(currentVersion);
        }
        throw new PreconditionFailedException(
                mutationIndex,
                entity + " must be " + (kind == Kind.ABSENT ? "absent" : "at version " + version) + ", is "
                        + (currentVersion == 0 ? "absent" : "at version " + currentVersion),
                currentVersion,
                null);
    }
}
