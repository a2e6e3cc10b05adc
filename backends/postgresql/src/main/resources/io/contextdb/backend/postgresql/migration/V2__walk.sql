-- The walk over what is known now, in one round trip (contract N8), with the answers of a walk level by level: each node at its
-- smallest depth, by the heaviest of the paths of that depth, then by the edge with the smaller id. A node that was reached is
-- not looked at again, be it that a beam dropped it. Results beyond the limit are not needed: order is by depth first.
-- valid_at NULL means now. Returns which versions of nodes and edges hold; the edge of a seed is NULL.
CREATE FUNCTION ${schema}.walk(
    in_ns integer, seeds uuid[], outgoing boolean, incoming boolean, types text[], min_weight double precision,
    max_depth integer, most integer, width integer, factor double precision, valid_at bigint)
  RETURNS TABLE (node uuid, node_version bigint, depth integer, weight double precision, edge uuid, edge_version bigint)
  LANGUAGE plpgsql STABLE ROWS 100
  -- Its statements are planned once for each connection, which else takes longer than to run them; so by indexes, however small
  -- the tables are then.
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  AS $$
DECLARE
  at bigint := coalesce(valid_at, (SELECT greatest(n.last_time, ${schema}.clock()) FROM ${schema}.namespace n WHERE n.id = in_ns));
  level integer := 0;
  total integer;
  seen uuid[];
  frontier uuid[];
  weights double precision[];
  versions bigint[];
  edges uuid[];
  edge_versions bigint[];
  reached uuid[];
BEGIN
  SELECT array_agg(s.id), array_agg(1.0::double precision), array_agg(s.version)
    INTO frontier, weights, versions
    FROM (SELECT n.id, n.version
            FROM (SELECT DISTINCT u.id FROM unnest(seeds) u(id)) d
            JOIN ${schema}.node n ON n.ns = in_ns AND n.id = d.id
             AND n.tx_to = 9223372036854775807 AND n.valid_from <= at AND n.valid_to > at
           ORDER BY n.id LIMIT most) s;
  RETURN QUERY SELECT u.id, u.version, 0, 1.0::double precision, NULL::uuid, NULL::bigint
                 FROM unnest(frontier, versions) u(id, version);
  seen := frontier;
  total := coalesce(cardinality(frontier), 0);
  WHILE level < max_depth AND total < most AND cardinality(frontier) > 0 LOOP
    level := level + 1;
    WITH f AS MATERIALIZED (SELECT u.id, u.w FROM unnest(frontier, weights) u(id, w)),
         followed AS (
           SELECT e.to_id AS there, f.w * e.weight * factor AS w, e.id AS by, e.version AS by_version
             FROM f JOIN ${schema}.edge e ON e.ns = in_ns AND e.from_id = f.id
            WHERE outgoing AND e.tx_to = 9223372036854775807 AND e.valid_from <= at AND e.valid_to > at
              AND (types IS NULL OR e.type = ANY (types))
            UNION ALL
           SELECT e.from_id, f.w * e.weight * factor, e.id, e.version
             FROM f JOIN ${schema}.edge e ON e.ns = in_ns AND e.to_id = f.id
            WHERE incoming AND e.tx_to = 9223372036854775807 AND e.valid_from <= at AND e.valid_to > at
              AND (types IS NULL OR e.type = ANY (types))),
         best AS MATERIALIZED (
           SELECT DISTINCT ON (r.there) r.there, r.w, r.by, r.by_version
             FROM followed r
            WHERE r.w >= min_weight AND r.there NOT IN (SELECT s.id FROM unnest(seen) s(id))
            ORDER BY r.there, r.w DESC, r.by),
         kept AS (
           SELECT b.there, b.w, n.version, b.by, b.by_version
             FROM best b JOIN ${schema}.node n ON n.ns = in_ns AND n.id = b.there
              AND n.tx_to = 9223372036854775807 AND n.valid_from <= at AND n.valid_to > at
            ORDER BY b.w DESC, b.there LIMIT least(width, most - total))
    SELECT (SELECT array_agg(b.there) FROM best b), array_agg(k.there), array_agg(k.w), array_agg(k.version),
           array_agg(k.by), array_agg(k.by_version)
      INTO reached, frontier, weights, versions, edges, edge_versions
      FROM kept k;
    seen := seen || reached;
    total := total + coalesce(cardinality(frontier), 0);
    RETURN QUERY SELECT u.id, u.version, level, u.w, u.by, u.by_version
                   FROM unnest(frontier, versions, weights, edges, edge_versions) u(id, version, w, by, by_version);
  END LOOP;
END
$$;
