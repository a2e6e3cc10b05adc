package io.contextdb.memory;

import io.contextdb.HybridQuery;
import io.contextdb.spi.value.UuidOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The candidates of all legs in one order: by reciprocal-rank fusion, ties by id (contract M4a). Not thread-safe. */
final class RankFusion {
    private final Map<UUID, Map<Leg, Integer>> ranks = new HashMap<>();

    void add(Leg leg, List<UUID> inOrder) {
        for (int i = 0; i < inOrder.size(); i++) {
            ranks.computeIfAbsent(inOrder.get(i), id -> new EnumMap<>(Leg.class))
                    .putIfAbsent(leg, i + 1);
        }
    }

    Map<Leg, Integer> ranks(UUID id) {
        return ranks.getOrDefault(id, Map.of());
    }

    List<UUID> inOrder() {
        List<UUID> ids = new ArrayList<>(ranks.keySet());
        ids.sort(Comparator.<UUID>comparingDouble(id -> -fused(ranks(id))).thenComparing(UuidOrder.INSTANCE));
        return ids;
    }

    private static double fused(Map<Leg, Integer> ranks) {
        return ranks.values().stream()
                .sorted()
                .mapToDouble(rank -> 1.0 / (HybridQuery.RANK_CONSTANT + rank))
                .sum();
    }
}
