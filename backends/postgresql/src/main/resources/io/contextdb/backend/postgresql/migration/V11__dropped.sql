-- What outlives a dropped namespace: ids that were erased in it cannot be written for a while, until the instant that stands here
-- then; 9223372036854775807 where the namespace lives. Operations stay as they are, and go with time.
ALTER TABLE ${schema}.erased ADD COLUMN kept_until bigint NOT NULL DEFAULT 9223372036854775807;
CREATE INDEX erased_kept ON ${schema}.erased (kept_until) WHERE kept_until < 9223372036854775807;
