"""Who and what is in the lab's workspace: one team, two people, one bot, two channels.

The ids are fixed, so that tests, scenarios and the page can name them. Ada is on the network
on-call rota and in the user group `S0NETOPS`; Ben is not, so he may not approve a change.
"""

from dataclasses import dataclass

from bot.lab.values import Json

TEAM_ID = "T0LAB"
TEAM_NAME = "Contoso"
TEAM_DOMAIN = "contoso"
APP_ID = "A0AGW"
BOT_ID = "B0AGW"
BOT_USER = "U0AGW"


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the workspace, including the bot's own."""

    id: str
    name: str
    real_name: str
    title: str
    color: str
    is_bot: bool = False
    approver: bool = False

    @property
    def initials(self) -> str:
        """At most two capital letters for the avatar."""
        return "".join(word[0] for word in self.real_name.split()[:2]).upper()


@dataclass(frozen=True, slots=True)
class Channel:
    """A public channel."""

    id: str
    name: str
    topic: str


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group (`@netops`) and its members."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


_EVERYONE = (
    Person("U0ADA", "ada", "Ada Park", "Network on-call", "3b7a57", approver=True),
    Person("U0BEN", "ben", "Ben Cole", "Developer", "7c3aed"),
    Person(BOT_USER, "agw", "agw", "Application Gateway bot", "0b6fb8", is_bot=True),
)
_CHANNELS = (
    Channel("C0INCIDENTS", "incidents", "Something is down? Say it here."),
    Channel("C0GENERAL", "general", "Everything else"),
)
_USER_GROUPS = (UserGroup("S0NETOPS", "netops", "Network operations", ("U0ADA",)),)

PEOPLE = {person.id: person for person in _EVERYONE}
CHANNELS = {channel.id: channel for channel in _CHANNELS}
USER_GROUPS = {group.id: group for group in _USER_GROUPS}


def user_json(person: Person, *, with_email: bool) -> Json:
    """The user object of users.info. https://docs.slack.dev/reference/objects/user-object

    The address is there only for an app with the scope `users:read.email`.
    """
    profile = {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "team": TEAM_ID,
    }
    if with_email and not person.is_bot:
        profile["email"] = f"{person.name}@contoso.example"
    return {
        "id": person.id,
        "team_id": TEAM_ID,
        "name": person.name,
        "real_name": person.real_name,
        "deleted": False,
        "color": person.color,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "profile": profile,
    }


def channel_json(channel: Channel, members: set[str]) -> Json:
    """The channel object of conversations.info, as the bot sees it.

    https://docs.slack.dev/reference/objects/conversation-object
    """
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_archived": False,
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": BOT_USER in members,
        "context_team_id": TEAM_ID,
        "topic": {"value": channel.topic, "creator": "U0ADA", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(members),
    }


def group_json(group: UserGroup) -> Json:
    """The user group object. https://docs.slack.dev/reference/objects/usergroup-object"""
    return {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": 0,
        "users": list(group.users),
        "user_count": len(group.users),
    }
