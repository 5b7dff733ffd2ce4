"""RFC 6125 as Application Gateway applies it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.hostname import ascii_name, covers, fits, matches, parent
from tests.core.make import certificate


@pytest.mark.parametrize(
    ("pattern", "host", "fits"),
    [
        ("a.example.com", "A.EXAMPLE.com.", True),
        ("*.example.com", "a.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "b.a.example.com", False),
        ("*.com", "example.com", False),
        ("a.example.com", "b.example.com", False),
        ("a*.example.com", "ab.example.com", False),
    ],
)
def test_one_pattern_against_one_host(pattern: str, host: str, fits: bool) -> None:
    assert matches(pattern, host) is fits


def test_the_common_name_counts_only_without_alternative_names() -> None:
    assert not covers(certificate("a.example.com", "b.example.com"), "a.example.com")
    assert covers(certificate("a.example.com", has_san=False, dns_names=()), "a.example.com")
    nameless = certificate("a.example.com", has_san=False, common_name=None, dns_names=())
    assert not covers(nameless, "a.example.com")


def test_the_parent_of_siblings() -> None:
    assert parent(["a.example.com", "b.example.com"]) == "example.com"
    assert parent(["a.example.com", "b.other.com"]) is None
    assert parent(["example.com"]) is None
    assert parent([]) is None


labels = st.text("abcxyz0123456789", min_size=1, max_size=8)


@given(st.lists(labels, min_size=3, max_size=5))
def test_a_name_fits_itself_and_its_wildcard(parts: list[str]) -> None:
    host = ".".join(parts)
    assert matches(host, host)
    assert matches(".".join(["*", *parts[1:]]), host)
    assert not matches(".".join(["*", *parts]), host)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("shop.contoso.com", "shop.contoso.com"),
        ("b\u00fccher.contoso.com", "xn--bcher-kva.contoso.com"),
        ("B\u00dcCHER.contoso.com", "xn--bcher-kva.contoso.com"),
        ("stra\u00dfe.de", "xn--strae-oqa.de"),
        ("*.b\u00fccher.de", "*.xn--bcher-kva.de"),
        ("\u4f8b\u3002com", "xn--fsq.com"),
        ("\ud800.com", "\ud800.com"),
    ],
)
def test_the_ascii_form_of_a_name(written: str, sent: str) -> None:
    assert ascii_name(written) == sent


def test_both_forms_of_a_name_are_the_same_name() -> None:
    served = certificate("xn--bcher-kva.de", "*.xn--bcher-kva.de")
    assert covers(served, "a.b\u00fccher.de")
    assert fits("*.b\u00fccher.de", "shop.xn--bcher-kva.de")
    assert fits("shop.xn--bcher-kva.de", "shop.B\u00fccher.de")
    assert not fits("*.b\u00fccher.de", "shop.bucher.de")
