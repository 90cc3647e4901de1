-- Separation of duties (三员分立; GB/T 22239-2019, 8.1.5 and 8.1.10): where the policy is `dengbao3`, running the system, deciding who may do what, and
-- reading the audit are three people's. Rights over people are worth something by the role security_admin alone, the audit by audit_admin alone, and
-- whoever holds one of these two anywhere in a tree runs nothing there. Every other right is nobody's duty in this sense.

-- to: wuji_app
create function wuji.duty_of(permission text) returns text language sql immutable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select case when permission in ('identity.account.reset', 'identity.account.suspend', 'identity.grant.give', 'identity.role.write', 'identity.oauth_client.manage',
                                   'identity.login_provider.manage', 'identity.policy.write') then 'security'
               when permission = 'journal.record.read' then 'audit'
               when permission in ('tenancy.tenant.add', 'tenancy.tenant.rename', 'tenancy.tenant.recode', 'tenancy.tenant.suspend', 'tenancy.tenant.move',
                                   'tenancy.setting.write', 'governance.rule.write') then 'system' end $$;

-- Which of these roles an account holds somewhere in a tree.
-- to:
create function wuji.duty_held(acc uuid, root int, names text[]) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select exists(select from role_grant g join role r on r.id = g.role_id join tenant n on n.id = g.tenant_id
     where g.account_id = acc and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()) and r.tenant_id is null and r.name = any(names) and n.root_id = root) $$;

-- Whether a permission that an account has by a role (its name; null: a root's own) counts at a place.
-- to:
create function wuji.duty_counts(permission text, role text, acc uuid, t tenant) returns boolean language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select case when duty_of(permission) is null or not policy_strict(t.ancestors) then true
               else case duty_of(permission) when 'security' then role is not distinct from 'security_admin'
                         when 'audit' then role is not distinct from 'audit_admin' and not duty_held(acc, t.root_id, '{security_admin}')
                         else not duty_held(acc, t.root_id, '{security_admin,audit_admin}') end end $$;

-- What is left of an account's permissions at a place where duties are separated.
-- to:
create function wuji.duties_left(acc uuid, t tenant) returns text[] language sql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$ select array(select p from grants_live(acc) l, unnest(l.permissions) p where l.tenant_id = any(t.ancestors) and duty_counts(p, l.role, acc, t)) $$;

-- Nobody is given a second duty: it would be worth nothing, or end the first one.
-- to:
create function wuji.duties_demand(acc uuid, wanted role, t tenant) returns void language plpgsql stable security definer set search_path = pg_catalog, wuji, pg_temp as
$$
declare officer boolean := wanted.tenant_id is null and wanted.name in ('security_admin', 'audit_admin');
begin
  if t.id is null or policy_strict(t.ancestors) is not true then return; end if;
  if officer and (duty_held(acc, t.root_id, array_remove('{security_admin,audit_admin}', wanted.name))
                  or exists(select from grants_live(acc) l join tenant n on n.id = l.tenant_id, unnest(l.permissions) p where n.root_id = t.root_id and duty_of(p) = 'system'))
     or exists(select from unnest(wanted.permissions) p where duty_of(p) = 'system') and duty_held(acc, t.root_id, '{security_admin,audit_admin}') then
    raise exception 'a second duty' using errcode = 'check_violation', constraint = 'duties';
  end if;
end $$;
