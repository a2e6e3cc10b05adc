package io.contextdb.memory;

import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.value.PropertyMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a memory is laid out in a node: its text as the property {@value #TEXT}, and what memory itself keeps of it in the map
 * {@value #MEMORY}.
 */
final class MemoryNode {
    static final String TEXT = "text";
    static final String MEMORY = "memory";

    /** An unrated memory is neither useful nor useless. */
    static final double NEUTRAL_UTILITY = 0.5;

    private static final String TYPE = "type";
    private static final String UTILITY = "utility";
    private static final String CONFIRMED_BY = "confirmedBy";
    private static final String LAST_SEEN = "lastSeen";
    private static final String FLAGGED = "supportLost";
    private static final int MOST_CONFIRMATIONS = 64;

    private MemoryNode() {}

    static PropertyMap properties(MemoryDraft draft) {
        PropertyMap kept = draft.properties().with(TEXT, draft.text());
        return draft.type()
                .map(type -> kept.with(MEMORY, PropertyMap.of(TYPE, type.name())))
                .orElse(kept);
    }

    static String text(Node node) {
        return node.properties().string(TEXT).orElse("");
    }

    static Optional<MemoryType> type(Node node) {
        return kept(node).string(TYPE).map(MemoryType::valueOf);
    }

    static double utility(Node node) {
        return kept(node).number(UTILITY).orElse(NEUTRAL_UTILITY);
    }

    static List<String> confirmedBy(Node node) {
        List<String> sources = new ArrayList<>();
        if (kept(node).get(CONFIRMED_BY) instanceof List<?> list) {
            list.forEach(source -> sources.add(String.valueOf(source)));
        }
        return sources;
    }

    static NodeContent utility(Node node, double utility) {
        return with(node, UTILITY, utility);
    }

    static NodeContent seenAt(Node node, Instant instant) {
        return with(node, LAST_SEEN, instant.toString());
    }

    static NodeContent flagged(Node node) {
        return with(node, FLAGGED, true);
    }

    static NodeContent confirmedBy(Node node, String source) {
        List<String> sources = confirmedBy(node);
        sources.add(source);
        return with(
                node, CONFIRMED_BY, sources.subList(Math.max(0, sources.size() - MOST_CONFIRMATIONS), sources.size()));
    }

    private static NodeContent with(Node node, String name, Object value) {
        return node.content().toBuilder()
                .property(MEMORY, kept(node).with(name, value))
                .build();
    }

    private static PropertyMap kept(Node node) {
        return node.properties().map(MEMORY).orElse(PropertyMap.empty());
    }
}
