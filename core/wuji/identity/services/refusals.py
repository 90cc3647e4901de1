"""What the definer functions refuse, said so that it can be mended."""

from collections.abc import Mapping
from functools import partial

from wuji.kit.db.refusals import refusals_as
from wuji.kit.problem import Fault

FAULTS: Mapping[str, Fault] = {
    "uq_account_login": Fault("#/login", "identity.invalid.login_taken"),
    "account": Fault("#/login", "identity.invalid.no_account"),
    "role": Fault("#/role", "identity.invalid.no_role"),
    "role_held": Fault("#/role", "identity.invalid.role_held"),
    "role_built_in": Fault("#/name", "identity.invalid.role_name"),
    "role_taken": Fault("#/name", "identity.invalid.role_name"),
    "expires_past": Fault("#/expires_at", "identity.invalid.expires_past"),
    "expires_own": Fault("#/expires_at", "identity.invalid.expires_own"),
}
PROBLEMS: Mapping[str, tuple[str, int]] = {
    "account_self": ("identity.not_oneself", 403),
    "account_elsewhere": ("identity.holds_elsewhere", 403),
    "account_officials": ("identity.has_officials", 403),
    "duties": ("identity.duties", 409),
    "role_class": ("identity.role_above", 403),
    "role_changed": ("kit.changed_meanwhile", 412),
}

refusals = partial(refusals_as, FAULTS, PROBLEMS)
