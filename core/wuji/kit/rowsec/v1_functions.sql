-- Frozen with v1.py: what policies, triggers, checks and defaults call. Functions that may change from release to release stand in
-- kit/db and in each feature, as functions.sql.

-- pos has 18 decimal digits: city 4 | district 3 | street 3 | community 4 | grid 4; a skipped level is zeros. A subtree is one range.
-- to: wuji_app wuji_system wuji_definer
create function wuji.span(level int) returns bigint language sql immutable parallel safe as
$$ select (array[100000000000000, 100000000000, 100000000, 10000, 1])[level]::bigint $$;

-- to: wuji_app wuji_system wuji_definer
create function wuji.slots(level int) returns int language sql immutable parallel safe as
$$ select (array[9999, 999, 999, 9999, 9999])[level] $$;

-- A row's audience holds classes 0 to 3; class 4 ("lies below") belongs to search documents only.
-- to: wuji_app wuji_system wuji_definer
create function wuji.audience_ok(audience int[]) returns boolean language sql immutable parallel safe as
$$ select coalesce(array_position(array(select x & 4 from unnest(audience) x), 4) is null and array_position(audience, null) is null, true) $$;

-- Accessors of the scope, for statements and definer functions. nullif: after a transaction a custom setting reads '' and not null.
-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_lo() returns bigint language sql stable parallel safe as
$$ select nullif(current_setting('wuji.lo', true), '')::bigint $$;

-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_hi() returns bigint language sql stable parallel safe as
$$ select nullif(current_setting('wuji.hi', true), '')::bigint $$;

-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_tokens() returns int[] language sql stable parallel safe as
$$ select nullif(current_setting('wuji.tokens', true), '')::int[] $$;

-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_anc() returns int[] language sql stable parallel safe as
$$ select nullif(current_setting('wuji.anc', true), '')::int[] $$;

-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_account() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('wuji.account', true), '')::uuid $$;

-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_tenant() returns int language sql stable parallel safe as
$$ select nullif(current_setting('wuji.tenant', true), '')::int $$;

-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_operator() returns boolean language sql stable parallel safe as
$$ select current_setting('wuji.operator', true) = 'yes' $$;

-- What is signed. Backend pid AND transaction start: a pooled connection keeps its pid, so with the pid alone a signature read in one
-- request could be replayed in the next. Every field is cast to its type where it is read, so none can swallow a separator.
-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_text() returns text language sql stable parallel safe as
$$ select format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', pg_backend_pid(), extract(epoch from now()), current_setting('wuji.until', true),
    current_setting('wuji.lo', true), current_setting('wuji.hi', true), current_setting('wuji.tokens', true), current_setting('wuji.anc', true),
    current_setting('wuji.account', true), current_setting('wuji.tenant', true), current_setting('wuji.operator', true)) $$;

-- No scope: false, so zero rows. A scope that does not verify: an error, because an export must never end short in silence.
-- to: wuji_app wuji_system wuji_definer
create function wuji.scope_ok() returns boolean language plpgsql stable parallel safe security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare given text := current_setting('wuji.sig', true); message bytea; k record;
begin
  if coalesce(given, '') = '' then return false; end if;
  message := convert_to(scope_text(), 'UTF8');
  for k in select inner_pad, outer_pad from signing_key where use = 'scope' and retired_at is null order by id desc loop
    if encode(sha256(k.outer_pad || sha256(k.inner_pad || message)), 'hex') = given then
      if clock_timestamp() < to_timestamp(current_setting('wuji.until')::bigint) then return true; end if;
      exit;
    end if;
  end loop;
  raise exception 'scope does not verify' using errcode = 'insufficient_privilege';
end $$;

-- What policies are made of, and nothing else may call: the same values, declared IMMUTABLE so that planning folds them to constants. Two
-- reasons. Speed: estimates come from the histogram as with literals, and no row pays for reading a setting (a list 3 to 7 times faster).
-- Safety: SQL that changes a setting after the signature was checked (a target list, a cursor between two fetches) finds the statement's
-- constants unmoved. scope_is proves that the constants are those of the signed scope, so a plan of another scope shows nothing.
-- to: wuji_app
create function wuji.plan_lo() returns bigint language plpgsql immutable parallel safe as
$$ begin return nullif(current_setting('wuji.lo', true), '')::bigint; end $$;

-- to: wuji_app
create function wuji.plan_hi() returns bigint language plpgsql immutable parallel safe as
$$ begin return nullif(current_setting('wuji.hi', true), '')::bigint; end $$;

-- to: wuji_app
create function wuji.plan_tokens() returns int[] language plpgsql immutable parallel safe as
$$ begin return nullif(current_setting('wuji.tokens', true), '')::int[]; end $$;

-- to: wuji_app
create function wuji.plan_anc() returns int[] language plpgsql immutable parallel safe as
$$ begin return nullif(current_setting('wuji.anc', true), '')::int[]; end $$;

-- to: wuji_app
create function wuji.plan_account() returns uuid language plpgsql immutable parallel safe as
$$ begin return nullif(current_setting('wuji.account', true), '')::uuid; end $$;

-- to: wuji_app
create function wuji.plan_operator() returns boolean language plpgsql immutable parallel safe as
$$ begin return current_setting('wuji.operator', true) = 'yes'; end $$;

-- True or null, never false: policies ask IS NOT NULL, which the planner takes for nearly always true and for free. Called once a statement.
-- to: wuji_app
create function wuji.scope_is(lo bigint, hi bigint, tokens int[], anc int[], account uuid, operator boolean) returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if scope_ok() is not true then return null; end if;
  if lo is not distinct from scope_lo() and hi is not distinct from scope_hi() and tokens is not distinct from scope_tokens()
     and anc is not distinct from scope_anc() and account is not distinct from scope_account() and operator is not distinct from scope_operator() then
    return true;
  end if;
  raise exception 'plan of another scope' using errcode = 'insufficient_privilege';
end $$;

-- Trigger of every table with a composite key: application code never handles pos. Who makes a trigger must be allowed to call it.
-- to: wuji_owner
create function wuji.fill_pos() returns trigger language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  new.pos := (select pos from tenant where id = new.tenant_id);
  -- a composite key with one null is not checked: a row of a tenant that is not there would stand nowhere
  if new.pos is null and new.tenant_id is not null then raise exception 'nothing can stand there' using errcode = 'insufficient_privilege'; end if;
  return new;
end $$;

-- Trigger of every table with a version: If-Match compares it, so no writer may forget to raise it.
-- to:
create function wuji.next_version() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
  new.version := old.version + 1;
  new.updated_at := now();
  return new;
end $$;
