-- How well people must be proven, as the places say where they act: the policy (asvs, dengbao3), and for how long a proof is fresh. Read as
-- kit.setting reads any setting: highest lock, nearest value, nearest suggestion, default; what does not fit does not count.

-- A setting of whole numbers on the way from a root down to a place. Null: nobody says anything that fits.
-- to:
create function wuji.setting_whole(key text, anc int[], low int, high int) returns int language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select (v.value #>> '{}')::int from setting_value v
    where v.key = setting_whole.key and v.tenant_id = any(anc) and jsonb_typeof(v.value) = 'number' and v.value #>> '{}' ~ '^[0-9]{1,5}$'
      and (v.value #>> '{}')::int between low and high
    order by case v.mode when 'lock' then array_position(anc, v.tenant_id) end nulls last, v.mode = 'set' desc, array_position(anc, v.tenant_id) desc limit 1 $$;

-- A setting of one word among those allowed, likewise.
-- to:
create function wuji.setting_word(key text, anc int[], allowed text[]) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select v.value #>> '{}' from setting_value v
    where v.key = setting_word.key and v.tenant_id = any(anc) and jsonb_typeof(v.value) = 'string' and v.value #>> '{}' = any(allowed)
    order by case v.mode when 'lock' then array_position(anc, v.tenant_id) end nulls last, v.mode = 'set' desc, array_position(anc, v.tenant_id) desc limit 1 $$;

-- Whether `dengbao3` (GB/T 22239-2019, level 3) holds at a place.
-- to:
create function wuji.policy_strict(anc int[]) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select coalesce(setting_word('identity.policy', anc, '{asvs,dengbao3}') = 'dengbao3', false) $$;

-- An operator is as strict as the strictest root.
-- to:
create function wuji.policy_strict_anywhere() returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from tenant r where r.parent_id is null and policy_strict(array[r.id])) $$;

-- Whether it holds at any place where the account holds something.
-- to:
create function wuji.account_strict(acc uuid) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from grants_live(acc) l where policy_strict(l.ancestors)) or operator_is(acc) and policy_strict_anywhere() $$;

-- The same of a login, for whoever counts guesses at it. False also where there is no such one.
-- to: wuji_app
create function wuji.login_strict(login text, seal bytea) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform seal_demand(format('login_strict|%s', login_strict.login), seal);
  return exists(select from account a where a.login = login_strict.login and account_strict(coalesce(a.merged_into, a.id)));
end $$;

-- Whether a password that the acting account sets now must hold several kinds of characters.
-- to: wuji_app
create function wuji.password_strict() returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select scope_ok() and scope_account() is not null and account_strict(scope_account()) $$;

-- What a person lacks before they may do anything official at a place (by its way from the root; null: an operator's doing), where that asks
-- for more: to show the second factor that they have, to set one up, a newer password. Null: nothing.
-- to:
create function wuji.session_weak(acc uuid, acr text, anc int[]) returns text language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (anc is null and policy_strict_anywhere() or anc is not null and policy_strict(anc)) is not true then return null; end if;
  if not exists(select from account a where a.id = acc and a.type = 'person') then return null; end if;
  if acr is distinct from 'urn:wuji:acr:2' then
    return case when exists(select from factor f where f.account_id = acc and f.confirmed_at is not null) then 'factor' else 'set_up' end;
  end if;
  return (select 'new_password' from credential c where c.account_id = acc and c.kind = 'password' and c.changed_at < now() - interval '90 days');
end $$;

-- What the acting account, proven so at that moment, shows once more before it does what asks for a fresh proof: a second factor where it has
-- one, else its password, else (known to a login provider alone) that it can log in. Null: nothing, the proof is fresh.
-- to: wuji_app
create function wuji.step_up_due(at timestamptz, acr text) returns text language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select case when x.has and (x.old or acr is distinct from 'urn:wuji:acr:2') then 'factor' when x.old and x.known then 'password' when x.old then 'login' end
     from (select exists(select from factor f where f.account_id = scope_account() and f.confirmed_at is not null) as has,
                  exists(select from credential c where c.account_id = scope_account() and c.kind = 'password') as known,
                  at < now() - make_interval(mins => least(coalesce(setting_whole('identity.step_up_minutes', scope_anc(), 5, 720), 30),
                    case when policy_strict(scope_anc()) or scope_operator() and policy_strict_anywhere() then 15 end)) as old) x
    where scope_ok() $$;
