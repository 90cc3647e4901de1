-- What concerns the acting account in the journal, whoever did it: its logins, its proofs, its roles. Who else did something is told by the place
-- that they acted for, and not by name: people learn of each other where their places let them (PIPL 44 and 45 give the person the rest).
-- to: wuji_app
create function wuji.account_concerned() returns table(id uuid, at timestamptz, verb text, author text, tenant_id int, reason text)
language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ with mine as (
     select j.* from journal_record j where j.kind = 'account' and j.subject_id = scope_account()::text
     union all
     select j.* from role_grant g join journal_record j on j.kind = 'role_grant' and j.subject_id = g.id::text where g.account_id = scope_account()
     union all
     select j.* from journal_record j where j.kind <> 'account' and j.kind <> 'role_grant' and j.account_id = scope_account() and j.verb like 'identity.%')
   select m.id, m.at, m.verb,
          case when m.account_id = scope_account() then 'oneself' when m.account_id is null then 'visitor' when not account_is_system(m.account_id) then 'official'
               when m.reason like 'cli:%' then 'command_line' else 'system' end,
          m.tenant_id, case when m.reason like 'cli:%' then '' else m.reason end
     from mine m where scope_ok() and scope_account() is not null $$;
