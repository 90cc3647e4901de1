-- For figures: what nobody sees of single people, for the program that makes sums of it.

-- to:
create function plugin_agri_tips.counting_demand() returns void language plpgsql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
begin
  if (scope_ok() and account_is_system(scope_account())) is not true then raise exception 'only the program itself counts' using errcode = 'insufficient_privilege'; end if;
end $$;

-- Where and when these tips were marked as helpful, in the range; not by whom.
-- to: wuji_app
create function plugin_agri_tips.marks_told(ids uuid[]) returns table(tip_id uuid, tenant_id int, marked_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
begin
  perform counting_demand();
  return query select m.tip_id, m.marked_at_id, m.created_at from tip_mark m join tenant t on t.id = m.marked_at_id
    where m.tip_id = any(ids) and t.pos between scope_lo() and scope_hi();
end $$;

-- Of these people, who has chosen any crop: wherever in the range they hold a role now.
-- to: wuji_app
create function plugin_agri_tips.choosers_told(ids uuid[]) returns table(account_id uuid, tenant_id int, chosen_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
begin
  perform counting_demand();
  return query select distinct c.account_id, g.tenant_id, c.updated_at from crop_choice c join role_grant g on g.account_id = c.account_id
    where c.account_id = any(ids) and cardinality(c.crops) > 0 and g.pos between scope_lo() and scope_hi()
      and g.revoked_at is null and (g.expires_at is null or g.expires_at > now());
end $$;

-- People of the range who chose since then, or whose roles began, ended or were taken away since; null: everybody who ever chose.
-- to: wuji_app
create function plugin_agri_tips.choosers_since(since timestamptz) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
begin
  perform counting_demand();
  return query select distinct c.account_id from crop_choice c join role_grant g on g.account_id = c.account_id
    where g.pos between scope_lo() and scope_hi()
      and (since is null or c.updated_at > since or g.given_at > since or g.revoked_at > since or g.expires_at between since and now()) order by 1;
end $$;
