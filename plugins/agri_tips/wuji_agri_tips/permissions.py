"""Who writes tips, and who answers for what is published."""

from wuji.api import Permission

READ, WRITE, SUBMIT = "agri_tips.tip.read", "agri_tips.tip.write", "agri_tips.tip.submit"
REVIEW, PUBLISH, WITHDRAW = "agri_tips.tip.review", "agri_tips.tip.publish", "agri_tips.tip.withdraw"

PERMISSIONS = (
    *(Permission(name, roles=("head", "clerk")) for name in (READ, WRITE, SUBMIT)),
    *(Permission(name, roles=("head",)) for name in (REVIEW, PUBLISH, WITHDRAW)),
)
