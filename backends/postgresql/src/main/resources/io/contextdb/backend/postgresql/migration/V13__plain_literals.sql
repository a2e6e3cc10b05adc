-- The function of V4 without a backslash in a literal, which means something else where standard_conforming_strings is off.
CREATE OR REPLACE FUNCTION ${schema}.order_key(value jsonb) RETURNS bytea LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  digits text;
  whole text;
  fraction text;
  exponent integer;
BEGIN
  CASE jsonb_typeof(value)
    WHEN 'null' THEN RETURN decode('02', 'hex');
    WHEN 'boolean' THEN RETURN CASE WHEN value = 'true' THEN decode('04', 'hex') ELSE decode('03', 'hex') END;
    WHEN 'string' THEN RETURN decode('06', 'hex') || convert_to(value #>> '{}', 'UTF8') || decode('00', 'hex');
    WHEN 'array' THEN
      RETURN decode('08', 'hex') || coalesce((SELECT string_agg(${schema}.order_key(e.v), ''::bytea ORDER BY e.i)
                                          FROM jsonb_array_elements(value) WITH ORDINALITY e(v, i)), ''::bytea) || decode('01', 'hex');
    WHEN 'object' THEN
      RETURN decode('09', 'hex') || coalesce((SELECT string_agg(${schema}.order_key(to_jsonb(e.k)) || ${schema}.order_key(e.v), ''::bytea
                                                          ORDER BY e.k COLLATE "C")
                                          FROM jsonb_each(value) e(k, v)), ''::bytea) || decode('01', 'hex');
    ELSE
      IF value::numeric = 0 THEN
        RETURN decode('0502', 'hex');
      END IF;
      digits := abs(value::numeric)::text;
      whole := ltrim(split_part(digits, '.', 1), '0');
      fraction := split_part(digits, '.', 2);
      exponent := CASE WHEN whole <> '' THEN length(whole) ELSE length(ltrim(fraction, '0')) - length(fraction) END;
      digits := rtrim(ltrim(whole || fraction, '0'), '0');
      IF value::numeric > 0 THEN
        RETURN decode('0503', 'hex') || int4send(exponent + 1000000) || convert_to(digits, 'UTF8') || decode('00', 'hex');
      END IF;
      RETURN decode('0501', 'hex') || int4send(1000000 - exponent)
             || convert_to(translate(digits, '0123456789', '9876543210'), 'UTF8') || decode('ff', 'hex');
  END CASE;
END
$$;
