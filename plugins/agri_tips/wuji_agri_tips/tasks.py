"""The monthly issue: on the first morning of a month, who has chosen crops is told what there is for them."""

from collections import defaultdict
from uuid import UUID

from msgspec import Struct
from sqlalchemy import text

from wuji.api import Run, Schedule, Task, Topic, notify, task
from wuji_agri_tips.almanac import read_today
from wuji_agri_tips.services.finding import read_places
from wuji_agri_tips.subjects import SUBJECTS

NAME = "agri_tips"
ISSUE = f"{NAME}.issue"
PLACES = text("select plugin_agri_tips.issue_places()")
READERS = text("select * from plugin_agri_tips.issue_readers(:month, :tenant_ids)")
TOPICS = (Topic(name="issue", email="digest"),)
SCHEDULES = (Schedule(name="issue", cron="0 8 1 * *", task=ISSUE, missed="once"),)
# Who reads the same words: the place, the crops, how many tips there are.
Alike = defaultdict[tuple[int, tuple[str, ...], int], list[UUID]]


class IssueArgs(Struct):
    """Of the month in which the job runs."""


@task(ISSUE, IssueArgs)
def send_issue(run: Run, _args: IssueArgs) -> None:
    """At a root, for its whole tree; nobody is told twice of one month, however often it runs."""
    session, day = run.session, read_today(run.session).day
    places = [
        tenant_id
        for tenant_id in session.execute(PLACES).scalars()
        if run.deployment.active_at(session, NAME, tenant_id)
    ]
    alike: Alike = defaultdict(list)
    for row in session.execute(READERS, {"month": day.month, "tenant_ids": places}):
        alike[row.tenant_id, tuple(row.crops), row.tips].append(row.account_id)
    codes = read_places(session, sorted({tenant_id for tenant_id, _, _ in alike}))
    for (tenant_id, crops, number), readers in alike.items():
        notify(
            session,
            ISSUE,
            readers,
            f"{day:%Y-%m}",
            values={
                "month": {"text": f"{NAME}.month.{day.month}"},
                "crops": [_named(crop) for crop in crops],
                "number": number,
            },
            path=f"/{codes[tenant_id]['code']}/x/{NAME}/months/{day.month}",
            tenant_id=tenant_id,
        )


TASKS: tuple[Task, ...] = (send_issue,)


def _named(crop: str) -> dict[str, str]:
    one = SUBJECTS.get(crop)
    return {"zh-CN": one.zh, "en": one.en} if one else {"zh-CN": crop, "en": crop}
