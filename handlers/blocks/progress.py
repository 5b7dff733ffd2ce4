"""A checklist that is updated in place while work is under way."""

from collections.abc import Iterable
from datetime import timedelta

from bot.workflow.progress import Step
from handlers.blocks.kit import Block, section
from handlers.blocks.text import STEP_EMOJI, StepMark, outside

Expected = tuple[tuple[str, str], ...]
"""The steps to come in order, as (key, text)."""

DIAGNOSIS: Expected = (
    ("gateway", "Read the gateway"),
    ("health", "Read the backend health"),
    ("probe", "Connect to the backends as the gateway does"),
    ("decide", "Decide"),
)
CHANGE: Expected = (
    ("backend", "Check gateway and backend again"),
    ("write", "Write the gateway"),
    ("azure", "Wait for Azure to roll it out"),
    ("compare", "Read back and compare"),
    ("health", "Watch backend health"),
    ("diagnose", "Diagnose again"),
)


def checklist(expected: Expected, steps: Iterable[Step]) -> Block:
    """What is done, running and still to come; a later step with the same key replaces the earlier one."""
    latest = {step.key: step for step in steps}
    known = [key for key, _ in expected]
    further = [step for key, step in latest.items() if key not in known]
    lines = [
        _line(latest[key].state, latest[key].text) if key in latest else _line("pending", text)
        for key, text in expected
    ]
    return section("\n".join([*lines, *(_line(step.state, step.text) for step in further)]))


def passed(time: timedelta) -> str:
    """How long something has been under way, in whole minutes."""
    minutes = int(time.total_seconds() // 60)
    return f"{minutes} min" if minutes > 0 else "less than a minute"


def _line(mark: StepMark, text: str) -> str:
    said = outside(text, 200)
    words = {"running": f"*{said}*", "failed": f"{said} (failed)"}
    return f"{STEP_EMOJI[mark]} {words.get(mark, said)}"
