"""What core says, as a terminal shows it: the same values, with no marks around names."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from bot.core.model.marked import plain

T = TypeVar("T")


def plainly(value: T) -> T:
    """The value, with every text in it plain."""
    made: T = _plainly(value)
    return made


def _plainly(value: Any) -> Any:
    match value:
        case str():
            return plain(value)
        case tuple() | list():
            return type(value)(map(_plainly, value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    before = {it.name: getattr(value, it.name) for it in fields(value) if it.init}
    after = {name: _plainly(it) for name, it in before.items()}
    return value if after == before else replace(value, **after)
