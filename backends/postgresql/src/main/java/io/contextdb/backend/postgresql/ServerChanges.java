package io.contextdb.backend.postgresql;

import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.sql.SQLException;

/**
 * Changes that only the server can work out, because what they touch is not named: each is done by statements of its own,
 * after what came before it in the batch was written.
 */
final class ServerChanges {
    private ServerChanges() {}

    static boolean does(Mutation mutation) {
        return switch (mutation) {
            case GraphMutation.Erase erase -> true;
            case VectorMutation.CreateSpace create -> true;
            case VectorMutation.DropSpace drop -> true;
            case VectorMutation.DeletePoints delete -> true;
            case KeyMutation.Acquire acquire -> true;
            case EventMutation event -> !(event instanceof EventMutation.Append);
            default -> false;
        };
    }

    /**
     * Applies a mutation.
     *
     * @param after takes statements whose answer does not matter; they are sent with the next ones
     */
    static MutationResult apply(Snapshot transaction, Mutation mutation, Step step, Script after) throws SQLException {
        return switch (mutation) {
            case GraphMutation.Erase erase -> Erasure.apply(transaction, erase, step, after);
            case VectorMutation vector -> SpaceChanges.apply(transaction, vector, step, after);
            case KeyMutation.Acquire acquire -> Limiters.acquire(transaction, acquire, step, after);
            case EventMutation event -> GroupChanges.apply(transaction, event, step, after);
            default -> throw new IllegalStateException(mutation + " is applied in memory");
        };
    }
}
