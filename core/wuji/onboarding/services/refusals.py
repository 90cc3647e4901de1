"""What the definer functions refuse, said so that it can be mended."""

from collections.abc import Mapping
from functools import partial

from wuji.kit.db.refusals import refusals_as
from wuji.kit.problem import Fault

PROBLEMS: Mapping[str, tuple[str, int]] = {
    "application_own": ("onboarding.application_own", 403),
    "application_changed": ("kit.changed_meanwhile", 412),
    "uq_tenant_code_now": ("onboarding.code_taken", 409),
    "tenant_slot": ("tenancy.no_place", 409),
    "account": ("onboarding.applicant_gone", 409),
    "invitation_over": ("onboarding.invitation_over", 404),
    "invitation_own": ("onboarding.invitation_own", 403),
    "invitation_held": ("onboarding.invitation_held", 409),
    "registration_off": ("onboarding.registration_off", 409),
    "registration_held": ("onboarding.registration_held", 409),
    "registration_waits": ("onboarding.registration_waits", 409),
    "registration_own": ("onboarding.registration_own", 403),
    "duties": ("identity.duties", 409),
    "role_class": ("identity.role_above", 403),
}
FAULTS: Mapping[str, Fault] = {
    "role": Fault("#/role", "identity.invalid.no_role"),
    "expires_past": Fault("#/expires_at", "identity.invalid.expires_past"),
    "expires_long": Fault("#/expires_at", "onboarding.invalid.expires_long"),
    "uq_account_login": Fault("#/login", "identity.invalid.login_taken"),
}

refusals = partial(refusals_as, FAULTS, PROBLEMS)
