"""An Enterprise org around the workspace: the ids that payloads then carry, and where people come from.

https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.lab.slack.roster import TEAM_ID
from bot.lab.slack.values import ApiError
from bot.lab.values import Json

ENTERPRISE_ID = "E0LAB"


@dataclass(frozen=True, slots=True)
class Grid:
    """`org_wide`: the app is installed for the org, and approved for `workspaces`; else for the one workspace only.

    `homes` says where a person comes from, if not from the workspace: another one, or only the org.
    """

    org_wide: bool = False
    workspaces: tuple[str, ...] = (TEAM_ID,)
    homes: Mapping[str, str] = field(default_factory=dict)

    def auth_test(self) -> Json:
        """What auth.test says beyond the ordinary."""
        org = {"enterprise_id": ENTERPRISE_ID, "is_enterprise_install": self.org_wide}
        return org | ({"team_id": ENTERPRISE_ID, "team": "Contoso Group"} if self.org_wide else {})

    def user(self, person: str) -> Json:
        """What users.info says beyond the ordinary."""
        home = self._home(person)
        org = {"enterprise_user": {"id": person, "enterprise_id": ENTERPRISE_ID}}
        return org | ({"team_id": home} if home.startswith("T") else {})

    def require_team(self, arguments: Json) -> None:
        """An org-wide token must say which workspace it means; raises `missing_argument` and `team_not_found`."""
        if self.org_wide and not arguments.get("team_id"):
            raise ApiError("missing_argument")
        if self.org_wide and arguments["team_id"] not in self.workspaces:
            raise ApiError("team_access_not_granted")

    def dressed(self, body: Json) -> Json:
        """A payload as it comes in an org."""
        if "event" in body:
            return body | self._event(body)
        if isinstance(body.get("user"), dict):
            return body | self._interaction(body)
        home = self._home(body.get("user_id"))
        flag = {"is_enterprise_install": str(self.org_wide).lower()}
        return body | flag | {"team_id": home, "enterprise_id": ENTERPRISE_ID}

    def _event(self, body: Json) -> Json:
        org = {"enterprise_id": ENTERPRISE_ID, "is_enterprise_install": self.org_wide}
        event = body["event"]
        home = self._home(event.get("user"))
        event = event | {"team": home} | ({"user_team": home} if home != TEAM_ID else {})
        authorizations = [it | org for it in body.get("authorizations", ())]
        return {"event": event, "enterprise_id": ENTERPRISE_ID, "authorizations": authorizations}

    def _interaction(self, body: Json) -> Json:
        home = self._home(body["user"]["id"])
        names = {"enterprise_id": ENTERPRISE_ID, "enterprise_name": "Contoso Group"}
        # For an org-wide installation there is no workspace that a payload belongs to.
        team = None if self.org_wide else body["team"] | names | {"id": home}
        return {
            "user": body["user"] | {"team_id": home},
            "team": team,
            "enterprise": {"id": ENTERPRISE_ID, "name": "Contoso Group"},
            "is_enterprise_install": self.org_wide,
        }

    def _home(self, person: Any) -> str:
        return self.homes.get(str(person), TEAM_ID)
