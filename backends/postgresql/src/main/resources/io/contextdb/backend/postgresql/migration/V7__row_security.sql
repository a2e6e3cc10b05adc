-- Policies for row-level security, which do nothing until a store that is opened with rls=on turns it on, table by table. A
-- statement sees and touches the rows of the namespace alone that its transaction told by the setting contextdb.namespace: the
-- number of one, or * for all. Later migrations add policies for their tables, and tell * before they touch rows.

-- The namespace that was told; NULL if it was all. Nothing told is an error: to see nothing would look like an empty store to a
-- process that does not know of it.
CREATE FUNCTION ${schema}.told_namespace() RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  told text := current_setting('contextdb.namespace', TRUE);
BEGIN
  IF coalesce(told, '') = '' THEN
    RAISE EXCEPTION 'row-level security is on, and no namespace was told' USING ERRCODE = 'insufficient_privilege',
      HINT = 'It may have been turned on since this process opened the store: open it again.';
  END IF;
  RETURN nullif(told, '*')::integer;
END
$$;

CREATE POLICY told_namespace ON ${schema}.namespace USING (id = coalesce((SELECT ${schema}.told_namespace()), id));
CREATE POLICY told_namespace ON ${schema}.operation USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.node USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.erased USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.edge USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.source USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.space USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.entry USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.limiter USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.event USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.consumer_group USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.document USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));
CREATE POLICY told_namespace ON ${schema}.document_path USING (ns = coalesce((SELECT ${schema}.told_namespace()), ns));

-- Rows that belong to a namespace by what they belong to.
CREATE POLICY told_namespace ON ${schema}.point
  USING ((SELECT ${schema}.told_namespace()) IS NULL
         OR EXISTS (SELECT FROM ${schema}.space s WHERE s.id = space AND s.ns = (SELECT ${schema}.told_namespace())));
CREATE POLICY told_namespace ON ${schema}.posting
  USING ((SELECT ${schema}.told_namespace()) IS NULL
         OR EXISTS (SELECT FROM ${schema}.space s WHERE s.id = space AND s.ns = (SELECT ${schema}.told_namespace())));
CREATE POLICY told_namespace ON ${schema}.permit
  USING ((SELECT ${schema}.told_namespace()) IS NULL
         OR EXISTS (SELECT FROM ${schema}.limiter l WHERE l.id = limiter AND l.ns = (SELECT ${schema}.told_namespace())));
CREATE POLICY told_namespace ON ${schema}.delivery
  USING ((SELECT ${schema}.told_namespace()) IS NULL
         OR EXISTS (SELECT FROM ${schema}.consumer_group g WHERE g.id = consumer AND g.ns = (SELECT ${schema}.told_namespace())));
CREATE POLICY told_namespace ON ${schema}.dead_letter
  USING ((SELECT ${schema}.told_namespace()) IS NULL
         OR EXISTS (SELECT FROM ${schema}.consumer_group g WHERE g.id = consumer AND g.ns = (SELECT ${schema}.told_namespace())));
