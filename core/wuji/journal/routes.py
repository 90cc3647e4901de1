"""The journal over HTTP."""

from wuji.journal.lists import DEPLOYMENT, OWN, RECORDS
from wuji.kit.http.lists import serve_list
from wuji.kit.http.route import Feature

feature = Feature("journal")

serve_list(
    feature,
    "/tenants/<tenant_code>/journal",
    RECORDS,
    "list_journal",
    "What happened at the tenant and below it, newest first.",
)
serve_list(
    feature,
    "/operator/journal",
    DEPLOYMENT,
    "list_deployment_journal",
    "What happened in the deployment itself and belongs to no tenant, newest first.",
)
serve_list(feature, "/me/journal", OWN, "list_own_journal", "What the account did, everywhere, newest first.")
