-- Old operations are found by their order. Where space was used again, each range of the BRIN index held an old and a new one, so
-- that finding the few that are due read the whole table. What was removed is in the way of that order until it is vacuumed, so
-- that is done after less than the default, a fifth of the table.
DROP INDEX ${schema}.operation_age;
CREATE INDEX operation_age ON ${schema}.operation (committed_at);
ALTER TABLE ${schema}.operation SET (autovacuum_vacuum_scale_factor = 0.02);

-- A walk is never compiled, whoever's connection it runs on: an estimate that is too high would bring that about, and it takes much
-- longer than the walk.
ALTER FUNCTION ${schema}.walk_rows(integer, uuid[], boolean, boolean, text[], double precision, integer, integer, integer,
                                   double precision, bigint) SET jit = off;
