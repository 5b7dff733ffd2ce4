"""The backend accepts a small ClientHello, but not one that is longer than a packet."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis import commands
from bot.core.analysis.guides import network
from bot.core.analysis.large_client_hello import large_client_hello, refused, suspicion, tried
from bot.core.analysis.reported_health import why_not_reached
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.health import SimulatedHealth
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, HandshakeFailed


def check(view: BackendView) -> Iterator[Said]:
    """Our small hello was answered, the large one was not, and the gateway does not get through either."""
    why = suspicion(view)
    if why is None:
        return
    failed = refused(view)
    if why == "cannot_reach" and failed is not None:
        yield Match(
            f"{mark(view.server)} completes TLS with a small first message (ClientHello), but not with a large one:"
            " the likely reason why the gateway does not get through.",
            tuple(_evidence(view, failed)),
            view.backend,
            # The length of the gateway's own hello is not known.
            "medium",
        )
    elif why == "unsaid" and failed is not None:
        yield Undecided(
            f"{mark(view.server)} does not accept a large ClientHello ({failed.reason}); whether the gateway sends"
            " one is not known, and it does not say whether it gets through",
            view.backend,
        )
    elif why == "cannot_reach" and not isinstance(view.case.health, SimulatedHealth):
        outcome = tried(view)
        if not isinstance(outcome, Answered):
            yield Undecided(
                "whether the backend accepts a large ClientHello could not be tried:"
                f" {why_not_reached(outcome)}",
                view.backend,
            )


def _evidence(view: BackendView, failed: HandshakeFailed) -> Iterator[Evidence]:
    large = large_client_hello(view)
    small = commands.shake_hands(replace(large, hello="small"))
    yield Evidence("a hello of some 350 bytes, which fits into one packet, is answered", small)
    yield Evidence(
        f"one of some 1,550 bytes, which needs two, is not: {failed.reason}",
        commands.shake_hands(large),
    )
    health = view.server_health
    if health is not None:
        said = health.message or "no message"
        yield Evidence(f"the gateway says: {said}", commands.show_health(view.gateway))
    yield Evidence(
        "inferred, not seen: that the gateway's own hello is a large one, and fails because of its length"
    )


RULE = Rule(
    id="large_hello_refused",
    severity="error",
    symptom="The backend completes TLS only if the client's first message (ClientHello) is small.",
    cause="The server, or a firewall or load balancer in front of it, reads only one packet of the ClientHello."
    " Clients that offer post-quantum key exchange send two.",
    remedy="Update the TLS stack of the server and the firmware of what is in front of it, or bypass a firewall"
    " that inspects TLS.",
    sources=(
        "https://tldr.fail",
        "https://datatracker.ietf.org/doc/draft-ietf-tls-ecdhe-mlkem/",
        "https://www.rfc-editor.org/rfc/rfc8446#section-4.2.8",
    ),
    check=each_backend(check),
    guide=network.PASS_LARGE_HELLO,
    explains=("port_silent", "probe_timed_out"),
)
