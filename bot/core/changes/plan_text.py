"""A plan in plain text: what an approver is shown, and what the audit log keeps of it."""

from bot.core.changes.plan import Plan
from bot.core.changes.relief_text import relief_lines
from bot.core.changes.remark_text import in_words
from bot.core.model.marked import plain


def plan_text(plan: Plan) -> str:
    """Every decisive fact, one a line."""
    radius = plan.blast_radius
    lines = (
        f"{plan.title} on {plan.gateway_name} ({plan.gateway_id})",
        *(f"change: {line.place}: {line.before} -> {line.after}" for line in plan.lines),
        *(
            f"certificate: {it.subject}, issued by {it.issuer}, SHA-256 {it.sha256},"
            f" valid {it.not_before:%Y-%m-%d} to {it.not_after:%Y-%m-%d}"
            for it in plan.certificates
        ),
        *(
            f"expected: {it.server}:{it.port} with {it.sni or 'no'} SNI serves SHA-256 {it.sha256}"
            for it in plan.expects
        ),
        f"touches: settings {_names(radius.settings)}; pools {_names(radius.pools)};"
        f" rules {_names(radius.rules)}; listeners {_names(radius.listeners)};"
        f" hosts {_names(radius.hosts)}",
        *(f"{what}: {told}" for what, told in relief_lines(plan.relief)),
        *(f"note: {in_words(it)}" for it in plan.notes),
        f"digest: {plan.digest}",
    )
    return plain("\n".join(lines))


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"
