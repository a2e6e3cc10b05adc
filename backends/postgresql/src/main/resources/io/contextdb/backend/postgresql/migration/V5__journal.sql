-- The commit that put a point: those that follow this store tell by it which of two states is the newer one. 0 of points that
-- are older than this column.
ALTER TABLE ${schema}.point ADD COLUMN version bigint NOT NULL DEFAULT 0;

-- The journal, as part of what was applied: a batch that changed points, or carries a note, has its transaction's number, and is
-- an entry. points: for each the number of its space (4 bytes), then its id (16 bytes).
ALTER TABLE ${schema}.operation ADD COLUMN xid xid8, ADD COLUMN points bytea, ADD COLUMN note bytea;
CREATE INDEX operation_journal ON ${schema}.operation (xid, commit_no) WHERE xid IS NOT NULL;
CREATE INDEX operation_note ON ${schema}.operation (xid, commit_no) WHERE note IS NOT NULL;
