import json

from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.marked import (
    BEGIN,
    END,
    command_parts,
    ending_command,
    has_command,
    mark,
    mark_all,
    mark_command,
    parts,
    plain,
    without_marks,
)

texts = st.text() | st.sampled_from(
    [
        "",
        "web",
        "Web",
        "WEB",
        "`*_~`",
        "<!channel>",
        BEGIN,
        END,
        END + BEGIN,
        f"a{END}b",
        "x" * 5000,
    ]
)
words = st.text().filter(lambda it: not {BEGIN, END} & set(it))


def test_a_name_stands_out_of_its_sentence() -> None:
    sentence = f"{mark('web')} has no members, {mark_all(['a', 'b'])} have"
    assert list(parts(sentence)) == [
        ("web", True),
        (" has no members, ", False),
        ("a", True),
        (", ", False),
        ("b", True),
        (" have", False),
    ]
    assert plain(sentence) == "web has no members, a, b have"


def test_a_sentence_without_names_is_one_piece_and_an_empty_one_none() -> None:
    assert list(parts("nothing")) == [("nothing", False)]
    assert list(parts("")) == []
    assert list(parts(mark(""))) == [("", True)]


@given(words, texts, words, texts)
def test_a_name_is_found_again_as_it_was_whatever_it_is(
    before: str, name: str, between: str, other: str
) -> None:
    sentence = f"{before}{mark(name)}{between}{mark(other)}"
    assert [it for it, is_name in parts(sentence) if is_name] == [plain(name), plain(other)]
    assert "".join(it for it, is_name in parts(sentence) if not is_name) == before + between
    assert plain(sentence) == f"{before}{plain(name)}{between}{plain(other)}"


@given(st.text(st.sampled_from([BEGIN, END, "a", " "])))
def test_no_mark_is_left_however_they_are_strewn(text: str) -> None:
    assert not {BEGIN, END} & set(plain(text))
    pieces = "".join(it for it, _ in parts(text))
    assert pieces == plain(text)


@given(texts)
def test_a_marked_name_is_not_marked_twice(name: str) -> None:
    assert mark(mark(name)) == mark(name)


@given(words)
def test_a_text_that_nobody_marked_stays_as_it_is(text: str) -> None:
    assert plain(text) == text
    assert "".join(it for it, _ in parts(text)) == text


def test_a_command_is_found_at_the_end_of_a_sentence_and_looks_like_a_name() -> None:
    told = f"Look {mark('it')} up: {mark_command('nslookup a')}"
    assert ending_command(told) == (f"Look {mark('it')} up:", "nslookup a")
    assert plain(told) == "Look it up: nslookup a"
    assert list(parts(told))[-1] == ("nslookup a", True)


def test_a_command_elsewhere_or_a_name_at_the_end_is_none_to_show_by_itself() -> None:
    for told in (f"{mark_command('x')} must answer", f"Ask {mark('x')}", ""):
        assert ending_command(told) == (told, None)


def test_commands_are_told_from_names_wherever_they_stand() -> None:
    said = (
        f"On {mark('web 1')}: {mark_command('nslookup x')} must answer; then {mark_command('ls')}"
    )
    assert [*command_parts(said)] == [
        ("On web 1: ", False),
        ("nslookup x", True),
        (" must answer; then ", False),
        ("ls", True),
        ("", False),
    ]
    assert [*command_parts("")] == [("", False)]
    assert has_command(said)
    assert not has_command(mark("On web 1: nslookup x"))


def test_a_document_loses_its_marks_and_nothing_else() -> None:
    document = {"a": [f"{mark('web')} is", 1, None, True], "b": {"c": mark("x")}, "d": 0.5}
    assert without_marks(document) == {"a": ["web is", 1, None, True], "b": {"c": "x"}, "d": 0.5}


@given(texts)
def test_marks_outlive_being_kept_as_json(name: str) -> None:
    sentence = f"{mark(name)} is kept"
    assert json.loads(json.dumps(sentence)) == sentence
