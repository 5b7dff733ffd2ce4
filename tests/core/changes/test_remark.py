"""Remarks: every code has its sentence, with exactly the parts that it names."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from bot.core.changes.change import Change, Person
from bot.core.changes.remark import Remark, RemarkCode
from bot.core.changes.remark_text import (
    SENTENCES,
    all_in_words,
    in_words,
    outcome_text,
    remark,
    wanted_parts,
)
from bot.core.model.marked import parts, plain
from tests.core.changes.test_planning import planned
from tests.core.make import NOW

CODES: tuple[RemarkCode, ...] = get_args(RemarkCode)


def change(**changes: object) -> Change:
    made = Change("c", planned(), "failed", Person("T", "U"), NOW, NOW + timedelta(minutes=30))
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_its_parts_and_ends_its_sentence(code: RemarkCode) -> None:
    values = {name: f"<{name}>" for name in wanted_parts(code)}
    said = plain(in_words(remark(code, **values)))
    assert all(it in said for it in values.values())
    assert said.endswith((".", ">"))


def test_there_is_no_sentence_without_a_code() -> None:
    assert set(SENTENCES) == set(CODES)


@pytest.mark.parametrize("parts", [{}, {"state": "Stopped", "more": "x"}])
def test_a_part_that_is_missing_or_one_too_many_is_a_mistake(parts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not_running"):
        remark("not_running", **parts)


def test_what_an_older_version_stored_without_a_part_is_still_told() -> None:
    assert "state is ?" in plain(in_words(Remark("not_running")))


def test_a_name_from_outside_is_set_off() -> None:
    said = in_words(remark("not_running", state="Stopped"))
    assert ("Stopped", True) in list(parts(said))


def test_nothing_that_was_sent_is_called_unchanged_and_unknown_at_once() -> None:
    for code in CODES:
        said = SENTENCES[code]
        assert not ("Nothing was changed" in said and ("may " in said or "Not known" in said)), code


def test_an_end_is_told_by_its_remarks_or_as_it_was_stored_before() -> None:
    ended = (remark("superseded"), remark("differs", where="tags"))
    assert outcome_text(change(remarks=ended)) == all_in_words(ended)
    assert outcome_text(change(outcome="It was so.")) == "It was so."
    assert outcome_text(change()) == ""


def test_one_of_a_kind_is_counted_as_one() -> None:
    def verified(number: str) -> str:
        return in_words(remark("verified", watched=number, backends=number, requests=number))

    assert "the 1 backend that" in verified("1")
    assert "at its 1 backend, nor in the 1 request of" in verified("1")
    assert "at its 2 backends, nor in the 2 requests of" in verified("2")
    assert "at its ? backends" in in_words(Remark("verified", {}))
