package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.PropertyMap;
import java.util.UUID;

/**
 * What an edge states.
 *
 * @param from the node it leaves
 * @param to the node it enters; may be the same
 * @param type the kind of relation, 1 to 256 bytes
 * @param weight its strength, in [0, 1]
 * @param properties the properties
 */
public record EdgeContent(UUID from, UUID to, String type, double weight, PropertyMap properties) {
    /** Checks the parts. */
    public EdgeContent {
        Check.notNull("edge.from", from);
        Check.notNull("edge.to", to);
        TextRule.EDGE_TYPE.check("edge.type", type);
        Check.range("edge.weight", weight, 0, 1);
        Check.notNull("edge.properties", properties);
    }

    /** Returns an edge of weight 1 without properties. */
    public static EdgeContent of(UUID from, String type, UUID to) {
        return new EdgeContent(from, to, type, 1, PropertyMap.empty());
    }

    /** Returns the same edge with another weight. */
    public EdgeContent withWeight(double other) {
        return new EdgeContent(from, to, type, other, properties);
    }

    /** Returns the same edge with other properties. */
    public EdgeContent withProperties(PropertyMap other) {
        return new EdgeContent(from, to, type, weight, other);
    }
}
