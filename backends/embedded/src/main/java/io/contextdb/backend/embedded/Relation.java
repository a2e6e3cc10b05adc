package io.contextdb.backend.embedded;

import java.util.List;

/**
 * Records that must agree with others, and how those are found that do not.
 *
 * @param kind of record
 * @param problem what is wrong with those that are found
 * @param find a query for the namespace and the id of each, as text; ids of 16 bytes in hexadecimal
 * @param mend what computes them again; empty if nothing tells what they were
 */
record Relation(String kind, String problem, String find, String mend) {
    /** All that must agree. */
    static final List<Relation> ALL = List.of(
            ofNamespace("node", "hex(id)"),
            ofNamespace("source", "external_id"),
            ofNamespace("space", "name"),
            ofNamespace("entry", "key"),
            ofNamespace("limiter", "key"),
            ofNamespace("event", "commit_no || '-' || seq"),
            ofNamespace("consumer_group", "name"),
            ofNamespace("document", "collection || '/' || id"),
            ofNamespace("operation", "hex(id)"),
            new Relation(
                    "node",
                    "has not all of its versions",
                    "SELECT " + namespace("n.ns")
                            + ", hex(n.id) FROM node n WHERE n.version <> 1 + (SELECT count(*) FROM node_past p "
                            + "WHERE p.node = n.key) OR (n.version > 1 AND NOT EXISTS (SELECT 1 FROM node_past p "
                            + "WHERE p.node = n.key AND p.version = n.version - 1 AND p.tx_to = n.tx_from))",
                    ""),
            new Relation(
                    "node",
                    "has versions without the node",
                    "SELECT DISTINCT '', p.node FROM node_past p WHERE NOT EXISTS (SELECT 1 FROM node n WHERE n.key = p.node)",
                    ""),
            new Relation(
                    "edge",
                    "has not all of its versions",
                    "SELECT " + namespace("e.ns")
                            + ", hex(e.id) FROM edge e WHERE e.version <> 1 + (SELECT count(*) FROM edge_past p "
                            + "WHERE p.ns = e.ns AND p.id = e.id)",
                    ""),
            new Relation(
                    "edge",
                    "leaves or enters a node that is not there",
                    "SELECT " + namespace("e.ns") + ", hex(e.id) FROM edge e WHERE NOT EXISTS (SELECT 1 FROM node n "
                            + "WHERE n.key = e.from_node AND n.id = e.from_id AND n.ns = e.ns) OR NOT EXISTS (SELECT 1 FROM node n "
                            + "WHERE n.key = e.to_node AND n.id = e.to_id AND n.ns = e.ns)",
                    ""),
            new Relation(
                    "point",
                    "is of a space that is not there",
                    "SELECT '', hex(p.id) FROM point p WHERE NOT EXISTS (SELECT 1 FROM space s WHERE s.id = p.space)",
                    ""),
            new Relation(
                    "point",
                    "has a commit after the last one of the store",
                    "SELECT " + namespace("s.ns") + ", hex(p.id) FROM point p JOIN space s ON s.id = p.space "
                            + "WHERE p.commit_no > (SELECT last_commit FROM store)",
                    ""),
            new Relation(
                    "event",
                    "has a commit after the last one of the store",
                    "SELECT " + namespace("ns") + ", commit_no || '-' || seq FROM event "
                            + "WHERE commit_no > (SELECT last_commit FROM store)",
                    ""),
            new Relation(
                    "limiter",
                    "keeps a sum of permits that is not theirs",
                    "SELECT " + namespace("l.ns") + ", l.key FROM limiter l WHERE l.used <> "
                            + "(SELECT coalesce(sum(p.permits), 0) FROM permit p WHERE p.limiter = l.id)",
                    "UPDATE limiter SET used = (SELECT coalesce(sum(p.permits), 0) FROM permit p WHERE p.limiter = limiter.id)"),
            ofOwner("permit", "limiter", "limiter", "limiter"),
            ofOwner("delivery", "consumer_group", "consumer", "commit_no || '-' || seq"),
            ofOwner("dead_letter", "consumer_group", "consumer", "commit_no || '-' || seq"));

    private static Relation ofNamespace(String table, String id) {
        return new Relation(
                table,
                "is of a namespace that is not there",
                "SELECT '#' || ns, " + id + " FROM " + table
                        + " WHERE NOT EXISTS (SELECT 1 FROM namespace n WHERE n.id = ns)",
                "");
    }

    private static Relation ofOwner(String table, String owner, String column, String id) {
        return new Relation(
                table,
                "is of a " + owner + " that is not there",
                "SELECT '', " + id + " FROM " + table + " WHERE NOT EXISTS (SELECT 1 FROM " + owner + " o WHERE o.id = "
                        + column + ")",
                "DELETE FROM " + table + " WHERE NOT EXISTS (SELECT 1 FROM " + owner + " o WHERE o.id = " + column
                        + ")");
    }

    private static String namespace(String column) {
        return "coalesce((SELECT name FROM namespace WHERE id = " + column + "), '#' || " + column + ")";
    }
}
