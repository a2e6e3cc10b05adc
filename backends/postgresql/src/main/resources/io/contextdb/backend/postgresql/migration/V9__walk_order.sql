-- The walk of V6, which asks for the nodes of candidates only until it has enough. To replace a function drops what V8 set, too.
CREATE OR REPLACE FUNCTION ${schema}.walk_rows(
    in_ns integer, seeds uuid[], outgoing boolean, incoming boolean, types text[], min_weight double precision,
    max_depth integer, most integer, width integer, factor double precision, valid_at bigint)
  RETURNS TABLE (
    node_id uuid, node_version bigint, node_valid_from bigint, node_valid_to bigint, node_tx_from bigint, node_tx_to bigint,
    confidence double precision, labels text[], source text, fingerprint text, node_retraction text, node_properties jsonb,
    edge_id uuid, edge_version bigint, edge_valid_from bigint, edge_valid_to bigint, edge_tx_from bigint, edge_tx_to bigint,
    from_id uuid, to_id uuid, type text, weight double precision, edge_retraction text, edge_properties jsonb,
    depth integer, path_weight double precision)
  LANGUAGE plpgsql STABLE ROWS 100
  -- It is planned once for each connection, which else takes longer than to run it; so by indexes, however small the tables are
  -- then.
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET enable_memoize = off SET jit = off
  AS $$
#variable_conflict use_column
DECLARE
  at bigint := coalesce(valid_at, (SELECT greatest(n.last_time, ${schema}.clock()) FROM ${schema}.namespace n WHERE n.id = in_ns));
BEGIN
  RETURN QUERY
  WITH RECURSIVE levels (level, total, seen, frontier, weights, nodes, edges) AS (
    SELECT 0, count(*), array_agg(s.id), array_agg(s.id), array_agg(1.0::double precision), array_agg(s.place), NULL::tid[]
      FROM (SELECT n.id, n.ctid AS place
              FROM (SELECT DISTINCT u.id FROM unnest(seeds) u(id)) d
              JOIN ${schema}.node n ON n.ns = in_ns AND n.id = d.id
               AND n.tx_to = 9223372036854775807 AND n.valid_from <= at AND n.valid_to > at
             ORDER BY n.id LIMIT most) s
     UNION ALL
    SELECT l.level + 1, l.total + cardinality(k.frontier), l.seen || k.reached, k.frontier, k.weights, k.nodes, k.edges
      FROM levels l CROSS JOIN LATERAL (
        WITH followed AS (
               SELECT e.to_id AS there, f.w * e.weight * factor AS w, e.id AS by, e.ctid AS place
                 FROM unnest(l.frontier, l.weights) f(id, w) JOIN ${schema}.edge e ON e.ns = in_ns AND e.from_id = f.id
                WHERE outgoing AND e.tx_to = 9223372036854775807 AND e.valid_from <= at AND e.valid_to > at
                  AND (types IS NULL OR e.type = ANY (types)) AND f.w * e.weight * factor >= min_weight
                UNION ALL
               SELECT e.from_id, f.w * e.weight * factor, e.id, e.ctid
                 FROM unnest(l.frontier, l.weights) f(id, w) JOIN ${schema}.edge e ON e.ns = in_ns AND e.to_id = f.id
                WHERE incoming AND e.tx_to = 9223372036854775807 AND e.valid_from <= at AND e.valid_to > at
                  AND (types IS NULL OR e.type = ANY (types)) AND f.w * e.weight * factor >= min_weight
                UNION ALL
               -- What was reached before comes first, and so hides the edges that lead there.
               SELECT s.id, NULL, NULL, NULL FROM unnest(l.seen) s(id)),
             best AS MATERIALIZED (
               SELECT b.there, b.w, b.place
                 FROM (SELECT DISTINCT ON (r.there) r.there, r.w, r.place
                         FROM followed r ORDER BY r.there, r.w DESC NULLS FIRST, r.by) b
                WHERE b.place IS NOT NULL),
             kept AS (
               -- In order before their nodes are looked up, so that no more are than are kept.
               SELECT b.there, b.w, n.ctid AS node, b.place AS edge
                 FROM (SELECT * FROM best ORDER BY w DESC, there) b JOIN ${schema}.node n ON n.ns = in_ns AND n.id = b.there
                  AND n.tx_to = 9223372036854775807 AND n.valid_from <= at AND n.valid_to > at
                ORDER BY b.w DESC, b.there LIMIT least(width, most - l.total))
        SELECT (SELECT array_agg(b.there) FROM best b) AS reached, array_agg(k.there) AS frontier, array_agg(k.w) AS weights,
               array_agg(k.node) AS nodes, array_agg(k.edge) AS edges
          FROM kept k) k
     WHERE l.level < max_depth AND l.total < most AND cardinality(l.frontier) > 0)
  SELECT n.id, n.version, n.valid_from, n.valid_to, n.tx_from, n.tx_to, n.confidence, n.labels, n.source, n.fingerprint,
         n.retraction, n.properties,
         e.id, e.version, e.valid_from, e.valid_to, e.tx_from, e.tx_to, e.from_id, e.to_id, e.type, e.weight, e.retraction,
         e.properties, l.level, u.w
    FROM levels l, unnest(l.weights, l.nodes, l.edges) u(w, node, edge)
    JOIN ${schema}.node n ON n.ctid = u.node
    LEFT JOIN ${schema}.edge e ON e.ctid = u.edge
   ORDER BY l.level, u.w DESC, n.id;
END
$$;
