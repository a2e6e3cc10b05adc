package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.write.Condition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Points that a copy can never take, such as one whose payload is too large for it. They hold up nobody: searches answer them by
 * the source, and their next change is tried again. Kept in the source, known to every driver. Used by one thread.
 */
final class DeadLetters {
    /** More than these at once is no bad point, but a store that cannot be used. */
    private static final int MOST = 1_000;

    private final String prefix;
    private final SystemKeys keys;
    private final Set<String> known = new HashSet<>();
    private boolean loaded;

    DeadLetters(String follower, SystemKeys keys) {
        this.prefix = "dead/" + follower + "/";
        this.keys = keys;
    }

    /** Notes a point that was refused; rethrows the refusal if there are too many. */
    void add(SpaceRef space, PointState state, ContextException refused, Deadline deadline) {
        load(deadline);
        if (known.size() >= MOST) {
            throw refused;
        }
        String key = key(space, state);
        keys.put(key, state.version() + " " + refused.code(), deadline);
        known.add(key);
    }

    /** Forgets points that were taken. */
    void cleared(SpaceRef space, List<PointState> states, Deadline deadline) {
        load(deadline);
        if (known.isEmpty()) {
            return;
        }
        for (PointState state : states) {
            if (known.remove(key(space, state))) {
                keys.delete(key(space, state), Condition.none(), deadline);
            }
        }
    }

    /** Returns the points of each space, by its number; asks the source. For any thread. */
    Map<Long, Set<UUID>> list(Deadline deadline) {
        Map<Long, Set<UUID>> points = new HashMap<>();
        for (KeyEntry entry :
                keys.scan(prefix, PageRequest.first(MOST + 1), deadline).items()) {
            String[] parts = entry.key().substring(prefix.length()).split("/", 2);
            points.computeIfAbsent(Long.parseLong(parts[0]), space -> new HashSet<>())
                    .add(UUID.fromString(parts[1]));
        }
        return points;
    }

    private void load(Deadline deadline) {
        if (!loaded) {
            Page<KeyEntry> page = keys.scan(prefix, PageRequest.first(MOST + 1), deadline);
            page.items().forEach(entry -> known.add(entry.key()));
            loaded = true;
        }
    }

    private String key(SpaceRef space, PointState state) {
        return prefix + space.id() + "/" + state.id();
    }
}
