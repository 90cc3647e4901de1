-- What a demo is given for a past. Only the program's own account writes it.

-- An imagined past of an imported tip that nobody has read yet: published then, and read since at its own place and at one of those it is for; much at
-- first, less later, more at weekends, and nothing of it by chance: the same tip has the same past each time. Returns on how many days it was read.
-- to: wuji_app
create function plugin_agri_tips.past_imagine(of_tip uuid, since timestamptz, since_on date) returns bigint
language plpgsql security definer set search_path = pg_catalog, plugin_agri_tips, wuji, pg_temp as
$$
declare t tip; made bigint;
begin
  perform counting_demand();
  select x.* into t from tip x where x.id = of_tip and x.pos between scope_lo() and scope_hi() and x.state = 'published' and x.origin <> ''
     and not exists(select from tip_day d where d.tip_id = x.id) for update;
  if t.id is null or since > now() then raise exception 'no such tip' using errcode = 'no_data_found'; end if;
  update tip set submitted_at = since - interval '20 hours', reviewed_at = since, published_at = since where id = t.id;
  with p as (
    select t.tenant_id
    union
    (select o.id from tenant r join tenant o on o.pos between r.pos and r.pos_hi and o.level = 4 and o.state = 'active'
       join tenant_code c on c.tenant_id = o.id and c.valid_to is null where r.id = t.reach_id order by hashtext(t.origin || c.code) limit 1)),
  q as (
    select p.tenant_id, d::date as read_on, d::date - since_on as age, (hashtext(t.origin || c.code || d::date) & 1023) / 1023.0 as luck,
           case when extract(isodow from d) > 5 then 1.5 else 1 end as leisure
      from p join tenant_code c on c.tenant_id = p.tenant_id and c.valid_to is null
     cross join generate_series(since_on, tenant_today((scope_anc())[1]), interval '1 day') d),
  i as (
    insert into tip_day(tenant_id, tip_id, read_on, reads)
    select tenant_id, t.id, read_on, 1 + floor(leisure * (2 + 14 * exp(-age / 15.0)) * (luck * 7 - floor(luck * 7)))::bigint
      from q where luck < leisure * (0.07 + 0.8 * exp(-age / 12.0)) returning tenant_id, reads),
  c as (
    insert into tip_count(tenant_id, tip_id, reads) select tenant_id, t.id, sum(reads) from i group by tenant_id)
  select count(*) into made from i;
  return made;
end $$;
