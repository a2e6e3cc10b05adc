package io.contextdb;

import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.write.MutationResult;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the results of single mutations and single items; a kind that a mutation cannot have is a defect of the backend. */
final class Results {
    private Results() {}

    /** Returns what was read where one item was asked for; empty if it is not there. */
    static <T> Optional<T> only(List<T> read) {
        return read.isEmpty() ? Optional.empty() : Optional.of(read.get(0));
    }

    /** Returns the version written, or 0 if the mutation was skipped. */
    static long version(MutationResult result) {
        return switch (result) {
            case MutationResult.Written written -> written.version();
            case MutationResult.Skipped skipped -> 0;
            default -> throw unexpected(result);
        };
    }

    /** Returns the id of the node that exists already, or the given one if it was written. */
    static UUID idOr(MutationResult result, UUID written) {
        return result instanceof MutationResult.Existing existing ? existing.id() : written;
    }

    /** Returns how many were removed; 0 if the mutation was skipped. */
    static long removed(MutationResult result) {
        return switch (result) {
            case MutationResult.Removed removed -> removed.count();
            case MutationResult.Skipped skipped -> 0;
            default -> throw unexpected(result);
        };
    }

    /** Returns the result as the kind that its mutation always has. */
    static <R extends MutationResult> R as(Class<R> kind, MutationResult result) {
        if (!kind.isInstance(result)) {
            throw unexpected(result);
        }
        return kind.cast(result);
    }

    private static CorruptDataException unexpected(MutationResult result) {
        return new CorruptDataException(
                "the backend answered a mutation with " + result.getClass().getSimpleName()
                        + ", which that mutation cannot have",
                null);
    }
}
