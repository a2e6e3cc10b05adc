-- From format 1 to 2: what outlives a dropped namespace. Ids that were erased in it cannot be written for a while, until the instant that stands
-- here then; 9223372036854775807 where the namespace lives.
ALTER TABLE erased ADD COLUMN kept_until INTEGER NOT NULL DEFAULT 9223372036854775807;
CREATE INDEX erased_kept ON erased (kept_until) WHERE kept_until < 9223372036854775807;
