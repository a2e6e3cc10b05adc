-- What "now" means for a read of a namespace: not before any commit that it sees. For reads of one row that hardly ever need it: to
-- prepare a subquery costs such a read a tenth, whether it is run or not, and a function costs nothing until it is called.
CREATE FUNCTION ${schema}.now_in(in_ns integer) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  newest bigint;
BEGIN
  SELECT ns.last_time INTO newest FROM ${schema}.namespace ns WHERE ns.id = in_ns;
  RETURN greatest(newest, ${schema}.clock());
END
$$;
