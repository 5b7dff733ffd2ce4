"""What Slack makes of typed text: escapes, links, and the rich text beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lab.slack.blockkit import block_faults
from bot.lab.slack.typed import received, rich_text

CASES = [
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("<@U0AGW> help", "<@U0AGW> help"),
    ("see <#C0GENERAL|general>", "see <#C0GENERAL|general>"),
    ("<!here> down", "<!here> down"),
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("https://shop.contoso.com/a?b=1&c=2.", "<https://shop.contoso.com/a?b=1&amp;c=2>."),
    ("502 on shop.contoso.com!", "502 on <http://shop.contoso.com|shop.contoso.com>!"),
    ("ask ada@contoso.com", "ask <mailto:ada@contoso.com|ada@contoso.com>"),
    ("`shop.contoso.com` in code", "`shop.contoso.com` in code"),
    ("agw-prod and 10.1.5.11", "agw-prod and 10.1.5.11"),
    ("/subscriptions/x/contoso.com", "/subscriptions/x/contoso.com"),
]


@pytest.mark.parametrize(("typed", "arrives"), CASES)
def test_text_arrives_as_slack_sends_it(typed: str, arrives: str) -> None:
    assert received(typed) == arrives


def test_rich_text_names_its_parts() -> None:
    block = rich_text("<@U0AGW> look at shop.contoso.com in <#C0GENERAL> `now`")
    assert block["elements"][0]["elements"] == [
        {"type": "user", "user_id": "U0AGW"},
        {"type": "text", "text": " look at "},
        {"type": "link", "url": "http://shop.contoso.com", "text": "shop.contoso.com"},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": "C0GENERAL"},
        {"type": "text", "text": " "},
        {"type": "text", "text": "now", "style": {"code": True}},
    ]


@given(st.text(alphabet="ab.c@:/<>&`#U0! com"))
def test_any_text_gives_valid_rich_text_and_no_bare_markup(typed: str) -> None:
    assert block_faults([rich_text(typed)], "message") == []
    outside = received(typed)
    assert outside.count("<") == outside.count(">")
