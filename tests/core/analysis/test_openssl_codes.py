"""Each documented code has words and a first step of its own kind; an unknown one is quoted."""

import pytest

from bot.core.analysis.openssl_codes import verify_code

DOCUMENTED = range(1, 96)
"""https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/, without those that came with OpenSSL 3.4."""


def test_every_documented_code_has_its_own_words_and_a_step() -> None:
    codes = [verify_code(number) for number in DOCUMENTED]
    assert [it.number for it in codes] == list(DOCUMENTED)
    assert len({it.name for it in codes}) == len(codes)
    assert all(it.name.startswith("X509_V_ERR_") and it.says and it.first_step for it in codes)
    unreadable_dates = {15, 16}
    assert len({it.says for it in codes if it.number not in unreadable_dates}) == len(codes) - 2


def test_names_are_those_of_the_header() -> None:
    names = {20: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", 47: "PERMITTED_VIOLATION", 79: "INVALID_CA"}
    for number, name in names.items():
        assert verify_code(number).name == f"X509_V_ERR_{name}"
        assert verify_code(number).label == f"{number}, X509_V_ERR_{name}"


def test_an_unknown_code_is_quoted_by_its_number() -> None:
    code = verify_code(123)
    assert (code.name, code.kind, code.label) == ("", "other", "123")
    assert "openssl verify" in code.first_step


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (25, "by a CA higher up"),
        (47, "from a CA that may issue for its names"),
        (68, "signed with SHA-256"),
        (79, "a real CA"),
        (94, "a named curve"),
    ],
)
def test_the_step_is_about_what_the_code_says(number: int, step: str) -> None:
    assert step in verify_code(number).first_step
