"""The bot scopes that the app needs in a workspace; manifest.yml requests the same."""

# https://docs.slack.dev/reference/scopes
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "groups:history",
    "chat:write",
    "commands",
    "files:write",
    "usergroups:read",
    "users:read",
)


def missing_scopes(granted: str) -> tuple[str, ...]:
    """The scopes that a token lacks; `granted` is the X-OAuth-Scopes header of one of Slack's answers."""
    given = {scope.strip() for scope in granted.split(",")}
    return tuple(scope for scope in SCOPES if scope not in given)
