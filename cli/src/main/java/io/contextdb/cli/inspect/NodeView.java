package io.contextdb.cli.inspect;

import io.contextdb.cli.output.Terminal;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.value.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node as it is shown. */
public final class NodeView {
    private NodeView() {}

    /** Returns what a node says, on one line: its text, its title, or its properties. */
    public static String summary(Node node) {
        return Terminal.plain(node.properties()
                .string("text")
                .or(() -> node.properties().string("title"))
                .orElseGet(() -> node.properties().toString()));
    }

    static Map<String, @Nullable Object> json(Node node) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", node.id().toString());
        json.put("version", node.version());
        json.put("labels", List.copyOf(node.labels()));
        json.put("source", node.source());
        json.put("confidence", node.confidence());
        json.put("validity", json(node.validity()));
        json.put("transaction", json(node.revision().transaction()));
        json.put("retraction", node.revision().retraction());
        json.put("fingerprint", node.content().fingerprint());
        json.put("properties", node.properties().asMap());
        return json;
    }

    static Map<String, @Nullable Object> json(Interval interval) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("from", interval.from().toString());
        json.put("to", interval.isOpen() ? null : interval.to().toString());
        return json;
    }

    static String shown(Interval interval) {
        return interval.from() + " – " + (interval.isOpen() ? "" : interval.to());
    }
}
