package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.PageRequest;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Edges at some nodes (contract N7).
 *
 * @param nodes the nodes, at most 10,000
 * @param direction {@link Direction#OUTGOING} edges leave a node, {@link Direction#INCOMING} enter it
 * @param types only edges of these types; empty for all
 * @param asOf only edges that hold then
 * @param page which page of the list, ordered by {@link Edge#ORDER}
 */
public record EdgeQuery(List<UUID> nodes, Direction direction, List<String> types, AsOf asOf, PageRequest page) {
    /** Copies and checks. */
    public EdgeQuery {
        nodes = Check.list("edges.nodes", nodes, 10_000);
        Check.notNull("edges.direction", direction);
        types = TextRule.EDGE_TYPE.all("edges.types", types, 256);
        Check.notNull("edges.asOf", asOf);
        Check.notNull("edges.page", page);
    }

    /** Returns the query for edges of every type that hold now, first page. */
    public static EdgeQuery of(Direction direction, UUID... nodes) {
        return new EdgeQuery(
                Check.list("edges.nodes", nodes, 10_000), direction, List.of(), AsOf.now(), PageRequest.first());
    }

    /** Returns the same query for edges of some types only. */
    public EdgeQuery types(Collection<String> only) {
        return new EdgeQuery(nodes, direction, TextRule.EDGE_TYPE.all("edges.types", only, 256), asOf, page);
    }

    /** Returns the same query at another time. */
    public EdgeQuery asOf(AsOf time) {
        return new EdgeQuery(nodes, direction, types, time, page);
    }

    /** Returns the same query for another page. */
    public EdgeQuery page(PageRequest other) {
        return new EdgeQuery(nodes, direction, types, asOf, other);
    }
}
