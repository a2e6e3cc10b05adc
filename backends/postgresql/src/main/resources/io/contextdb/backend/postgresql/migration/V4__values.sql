-- The exact value of a stored number. Floats with a fraction are stored by their shortest digits, so m / 2^k of the float is
-- worked out again, as m * 5^k / 10^k; integers and whole floats are stored by their value.
CREATE FUNCTION ${schema}.exact(stored numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  bits bigint;
  k integer;
  m bigint;
BEGIN
  IF stored = trunc(stored) THEN
    RETURN stored;
  END IF;
  bits := ('x' || encode(float8send(stored::double precision), 'hex'))::bit(64)::bigint;
  k := (bits >> 52) & 2047;
  m := (bits & 4503599627370495) + CASE WHEN k = 0 THEN 0 ELSE 4503599627370496 END;
  k := 1075 - greatest(k, 1);
  RETURN CASE WHEN bits < 0 THEN -m ELSE m END * power(5::numeric, k) * ('1e-' || k)::numeric;
END
$$;

-- A value as bytes whose order is that of values (contract D2). A type begins with its rank; 1 ends lists and maps, 0 ends
-- strings and the digits of numbers; maps are their entries by key; negative numbers are the complement of positive ones.
CREATE FUNCTION ${schema}.order_key(value jsonb) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text;
  whole text;
  fraction text;
  exponent integer;
BEGIN
  CASE jsonb_typeof(value)
    WHEN 'null' THEN RETURN '\x02';
    WHEN 'boolean' THEN RETURN CASE WHEN value = 'true' THEN '\x04'::bytea ELSE '\x03'::bytea END;
    WHEN 'string' THEN RETURN '\x06'::bytea || convert_to(value #>> '{}', 'UTF8') || '\x00'::bytea;
    WHEN 'array' THEN
      RETURN '\x08'::bytea || coalesce((SELECT string_agg(${schema}.order_key(e.v), ''::bytea ORDER BY e.i)
                                          FROM jsonb_array_elements(value) WITH ORDINALITY e(v, i)), ''::bytea) || '\x01'::bytea;
    WHEN 'object' THEN
      RETURN '\x09'::bytea || coalesce((SELECT string_agg(${schema}.order_key(to_jsonb(e.k)) || ${schema}.order_key(e.v), ''::bytea
                                                          ORDER BY e.k COLLATE "C")
                                          FROM jsonb_each(value) e(k, v)), ''::bytea) || '\x01'::bytea;
    ELSE
      IF value::numeric = 0 THEN
        RETURN '\x0502';
      END IF;
      digits := abs(value::numeric)::text;
      whole := ltrim(split_part(digits, '.', 1), '0');
      fraction := split_part(digits, '.', 2);
      exponent := CASE WHEN whole <> '' THEN length(whole) ELSE length(ltrim(fraction, '0')) - length(fraction) END;
      digits := rtrim(ltrim(whole || fraction, '0'), '0');
      IF value::numeric > 0 THEN
        RETURN '\x0503'::bytea || int4send(exponent + 1000000) || convert_to(digits, 'UTF8') || '\x00'::bytea;
      END IF;
      RETURN '\x0501'::bytea || int4send(1000000 - exponent)
             || convert_to(translate(digits, '0123456789', '9876543210'), 'UTF8') || '\xff'::bytea;
  END CASE;
END
$$;
