"""Which Resource Manager to use: the public cloud's, a sovereign cloud's, or the lab's on loopback."""

from dataclasses import dataclass
from ipaddress import ip_address

from yarl import URL

from bot.azure.clouds import CLOUDS, PUBLIC
from bot.core.problem import Problem

PUBLIC_CLOUD = PUBLIC.arm


@dataclass(frozen=True, slots=True)
class ArmEndpoint:
    """One Resource Manager.

    `scope` is what a token is requested for, `authority` who issues it; empty: as AZURE_AUTHORITY_HOST says.
    On a plain http endpoint no real credential is used; `parse` accepts http only on loopback.
    """

    origin: URL
    scope: str
    authority: str = ""

    @property
    def url(self) -> str:
        """The URL without a trailing slash, as the clients expect it."""
        return str(self.origin).rstrip("/")

    @property
    def is_plain(self) -> bool:
        return self.origin.scheme == "http"

    def owns(self, url: str) -> bool:
        """Whether `url` is on this endpoint: same scheme, host and port. A token is sent nowhere else."""
        # aiohttp parses URLs with yarl too, so the two cannot disagree.
        try:
            other = URL(url)
        except ValueError:
            return False
        return _place(other) == _place(self.origin)


def parse(text: str) -> ArmEndpoint:
    """The endpoint at a URL as a person writes it.

    Raises:
        Problem: it is not the http(s) URL of a host alone, or it is plain http to another machine.
    """
    try:
        url = URL(text.strip())
        origin = url.origin()
    except ValueError:
        raise _not_usable("it is not a web address") from None
    if url.scheme not in ("http", "https"):
        raise _not_usable("it is not a web address")
    if url != origin.with_path("/"):
        raise _not_usable("it must be only a host, without path, query or user")
    if url.scheme == "http" and not _is_loopback(origin.host or ""):
        raise _not_usable("plain http is allowed only on this machine, because a token is sent")
    cloud = next((it for it in CLOUDS if _place(URL(it.arm)) == _place(origin)), None)
    if cloud is None:  # Such as an Azure Stack.
        return ArmEndpoint(origin, f"{str(origin).rstrip('/')}/.default")
    # For the public cloud azure-identity's own default, so that AZURE_AUTHORITY_HOST still counts.
    return ArmEndpoint(origin, cloud.scope, "" if cloud is PUBLIC else cloud.authority)


def _place(url: URL) -> tuple[str, str | None, int | None]:
    # Not compared as a whole: to yarl, https://host and https://host:443 differ.
    return url.scheme, url.host, url.port


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _not_usable(because: str) -> Problem:
    # The value is not repeated: it may contain a password.
    return Problem(
        "bad_setting",
        f"AGW_ARM_URL cannot be used as the URL of Azure Resource Manager: {because}.",
        f"Example: AGW_ARM_URL={PUBLIC_CLOUD}",
    )
