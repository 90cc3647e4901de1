-- What the job of a message reads and writes. Only a job of account system does: it sees what is meant for one person, and nothing else of them.

-- to:
create function wuji.deliver_demand() returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  if (scope_ok() and account_is_system(scope_account()) and scope_operator()) is not true then
    raise exception 'not a job that delivers' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- The address that a code goes to; no row: it is gone, verified meanwhile, or another code was asked for.
-- to: wuji_app
create function wuji.address_unproven(address_id uuid, code_at timestamptz) returns table(account_id uuid, channel text, address bytea, secret bytea, locale text)
language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
begin
  perform deliver_demand();
  return query select a.account_id, a.channel, a.address, a.secret, p.locale from address a join account p on p.id = a.account_id
                where a.id = address_id and a.code_at = address_unproven.code_at and a.code_at > now() - interval '30 minutes' and p.state = 'active';
end $$;

-- Takes a message up, for the first time or again, also one that was given up where the operator has its job done again. From here on nothing is
-- added to it. No row: there is nothing to send any more.
-- to: wuji_app
create function wuji.delivery_open(delivery_id uuid) returns table(address_id uuid, account_id uuid, channel text, address bytea, secret bytea, locale text, is_digest boolean, attempts int, notifications jsonb)
language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare d delivery;
begin
  perform deliver_demand();
  update delivery o set state = 'sending', attempts = o.attempts + 1, finished_at = null
   where o.id = delivery_id and (o.finished_at is null or o.state = 'dropped' and o.fault <> '') returning * into d;
  return query
    select a.id, a.account_id, a.channel, a.address, a.secret, p.locale, d.is_digest, d.attempts,
           (select jsonb_agg(jsonb_build_object('id', n.id, 'topic', n.topic, 'told', n.told, 'path', n.path, 'place', case when n.place_id is not null then coalesce(t.name, '') end, 'at', n.created_at)
                             order by n.created_at, n.id)
              from notification n left join tenant t on t.id = n.place_id where n.id = any(d.notification_ids))
      from address a join account p on p.id = a.account_id
     where a.id = d.address_id and a.verified_at is not null and a.refused_at is null and p.state = 'active'
       and exists(select from notification n where n.id = any(d.notification_ids));
end $$;

-- How it went: `sent`; `refused`, and nothing goes there any more until the address is verified again, as its owner is told; `dropped`: there was
-- nothing to send any more, or, with a fault, it was tried long enough; null: not yet, it is tried again.
-- to: wuji_app
create function wuji.delivery_close(delivery_id uuid, state text, fault text) returns void language plpgsql security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare d delivery; lost address;
begin
  perform deliver_demand();
  update delivery o set state = coalesce(delivery_close.state, o.state), fault = delivery_close.fault,
         finished_at = case when delivery_close.state is not null then now() end
   where o.id = delivery_id and o.finished_at is null returning * into d;
  update address a set fault = delivery_close.fault, refused_at = case when delivery_close.state = 'refused' then now() else a.refused_at end
   where a.id = d.address_id and (delivery_close.state is distinct from 'dropped' or delivery_close.fault <> '') returning * into lost;
  if delivery_close.state = 'refused' then
    perform tell('inbox.address_lost', array[lost.account_id], format('%s %s', lost.id, extract(epoch from lost.verified_at)),
                 jsonb_build_object('channel', jsonb_build_object('text', jsonb_build_array(case when lost.channel in ('email', 'webhook') then 'inbox.channel.' || lost.channel || '.label' else
                   split_part(lost.channel, '.', 1) || '.channel.' || split_part(lost.channel, '.', 2) || '.label' end))), '/me/inbox/settings', null);
  end if;
end $$;
