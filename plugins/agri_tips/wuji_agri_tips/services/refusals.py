"""What the definer functions refuse by a rule, said so that it can be mended."""

from functools import partial

from wuji.api import Fault, refusals_as

PROBLEMS = {
    "tip_elsewhere": ("agri_tips.tip_elsewhere", 409),
    "tip_changed": ("kit.changed_meanwhile", 412),
    "tip_state": ("agri_tips.tip_state", 409),
    "tip_level": ("agri_tips.tip_level", 403),
    "tip_own": ("agri_tips.tip_own", 403),
    "ck_tip_reviewed_by": ("agri_tips.tip_own", 403),
    "uq_tip_replaces_id": ("agri_tips.tip_replaced", 409),
}
FAULTS = {"tip_reach": Fault("#/reach", "agri_tips.invalid.reach")}

refusals = partial(refusals_as, FAULTS, PROBLEMS)
