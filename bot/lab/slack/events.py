"""The Events API: which events the app gets, and the envelope around each.

https://docs.slack.dev/apis/events-api/#event-type-structure
"""

import time

from bot.lab.slack.clock import new_id
from bot.lab.slack.delivery import Delivery
from bot.lab.slack.roster import APP_ID, BOT_USER, TEAM_ID
from bot.lab.slack.values import App, Payload
from bot.lab.values import Json

# https://docs.slack.dev/reference/events: the scope that each event needs
_SCOPES = {"app_mention": "app_mentions:read", "message.channels": "channels:history"}


class Events:
    """Tells the app what it subscribed to, as far as its scopes allow."""

    def __init__(self, app: App, delivery: Delivery) -> None:
        self._app = app
        self._delivery = delivery

    def emit(self, event: Json) -> None:
        """Announce a message event, and the mention in it as an event of its own."""
        if self._wanted("message.channels"):
            self._delivery.tell(_callback(event))
        mentioned = f"<@{BOT_USER}" in event.get("text", "") and "subtype" not in event
        if mentioned and event["user"] != BOT_USER and self._wanted("app_mention"):
            mention = {k: v for k, v in event.items() if k != "channel_type"}
            self._delivery.tell(_callback(mention | {"type": "app_mention"}))

    def home_opened(self, person: str) -> None:
        """Announce that somebody opened the Home tab (https://docs.slack.dev/reference/events/app_home_opened)."""
        if "app_home_opened" in self._app.events:
            opened = {"type": "app_home_opened", "user": person, "channel": f"D{person}"}
            self._delivery.tell(
                _callback(opened | {"tab": "home", "event_ts": f"{time.time():.6f}"})
            )

    def _wanted(self, event: str) -> bool:
        return event in self._app.events and _SCOPES[event] in self._app.scopes


def _callback(event: Json) -> Payload:
    user = {
        "enterprise_id": None,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    body = {
        "token": "lab",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [user],
        "is_ext_shared_channel": False,
        "event_context": new_id("4-"),
    }
    return Payload("events_api", body)
