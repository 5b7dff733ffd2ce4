"""mrkdwn and markdown: what becomes which element, and what stays text."""

import json
import re
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from tests.browser import Page
from tests.lab.page.steps import CHANNEL, at, count, send, visible

PARA = '<div class="para">{}</div>'

IN_ONE_LINE = {
    "*bold* _italic_ ~strike~": "<strong>bold</strong> <em>italic</em> <s>strike</s>",
    "*bold with _italic_ in it*": "<strong>bold with <em>italic</em> in it</strong>",
    "_rule certificate_not_allow_listed_": "<em>rule certificate_not_allow_listed</em>",
    "`code with *stars*`": "<code>code with *stars*</code>",
    "agw_prod_west and 2*3*4": "agw_prod_west and 2*3*4",
    "* not bold *": "* not bold *",
    "*bold*, then (_this_).": "<strong>bold</strong>, then (<em>this</em>).",
    "a &amp;lt; b &lt; c": "a &amp;lt; b &lt; c",
    "<https://a.example/x?a=1&amp;b=2|the page>": (
        '<a href="https://a.example/x?a=1&amp;b=2" target="_blank" '
        'rel="noopener noreferrer">the page</a>'
    ),
    "<javascript:alert(1)|a button>": "<span>a button</span>",
    "<@U0AGW> <@U0NEW|sam> <@U0GONE>": (
        '<span class="mention" title="agw">@agw</span> '
        '<span class="mention">@sam</span> <span class="mention">@U0GONE</span>'
    ),
    "<@U0ADA>": '<span class="mention mine" title="Ada Park">@ada</span>',
    "<#C0GENERAL>": '<button type="button" class="mention">#general</button>',
    "<!subteam^S0NETOPS|@netops> <!here>": (
        '<span class="mention">@netops</span> <span class="mention mine">@here</span>'
    ),
    "at 10:30:45 :nothing_known: :constructor:": "at 10:30:45 :nothing_known: :constructor:",
    ":wave:": '<span class="emoji" role="img" aria-label="wave" title="wave">\N{WAVING HAND SIGN}</span>',
    "<!date^x^{date}|soon> <!date^99999999999999^{date}|later>": "<span>soon</span> <span>later</span>",
}

IN_BLOCKS = {
    "one\n&gt; two\n&gt; three\nfour": (
        '<div class="para">one</div><blockquote>two\nthree</blockquote><div class="para">four</div>'
    ),
    "> quoted too": "<blockquote>quoted too</blockquote>",
    "": "",
}


async def test_every_emoji_that_the_bot_writes_is_drawn(page: Page) -> None:
    sources = (Path(__file__).parents[3] / "handlers").rglob("*.py")
    written = {
        name
        for it in sources
        for name in re.findall(r"(?<![\w}]):([a-z_]{3,}):(?![\w{])", it.read_text(encoding="utf-8"))
    }
    assert {"bulb", "speech_balloon", "white_check_mark"} <= written
    known = "import('/static/js/emoji.js').then(({isEmoji}) => NAMES.filter((it) => !isEmoji(it)))"
    assert await page.evaluate(known.replace("NAMES", json.dumps(sorted(written)))) == []


async def rendered(page: Page, module: str, text: str) -> str:
    """The HTML that a module of the page makes of a text."""
    made = f"import('/static/js/{module}.js').then((all) => all.{module}({json.dumps(text)}))"
    return str(
        await page.evaluate(f"""{made}.then((nodes) => {{
            const box = document.createElement("div");
            box.append(...[nodes].flat().filter(Boolean));
            return box.innerHTML;
        }})""")
    )


async def test_mrkdwn(page: Page) -> None:
    wanted = {text: PARA.format(html) for text, html in IN_ONE_LINE.items()} | IN_BLOCKS
    assert {text: await rendered(page, "mrkdwn", text) for text in wanted} == wanted


async def test_states_are_drawn_and_not_left_to_the_font(page: Page) -> None:
    by_name = await rendered(page, "mrkdwn", ":white_check_mark:")
    assert 'aria-label="white check mark"' in by_name
    assert "<svg" in by_name
    assert await rendered(page, "mrkdwn", "\N{WHITE HEAVY CHECK MARK}") == by_name
    warning = await rendered(page, "mrkdwn", ":warning:")
    assert await rendered(page, "mrkdwn", "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}") == warning


async def test_dates_are_in_the_readers_time(page: Page) -> None:
    html = await rendered(
        page, "mrkdwn", "<!date^1795000000^{date_num} {time_secs} {nonsense}|soon>"
    )
    local = await page.evaluate("new Date(1795000000000).toLocaleDateString('sv-SE')")
    assert html.startswith('<div class="para"><time datetime="2026-11-18T')
    assert f">{local} " in html
    assert "{nonsense}" in html


async def test_a_code_block_keeps_every_character(page: Page) -> None:
    html = await rendered(
        page, "mrkdwn", "look:\n```\n$ a &lt; b && *c*\n  <https://x.example|x>\n```"
    )
    assert "<code>$ a &lt; b &amp;&amp; *c*\n  x</code>" in html
    assert 'aria-label="Copy the code"' in html


async def test_markdown(page: Page) -> None:
    wanted = {
        "# Title **x**": "<h4>Title <strong>x</strong></h4>",
        "- a\n- b\n\nend": (
            '<ul class="list"><li class="indent-0">a</li><li class="indent-0">b</li></ul>'
            '<div class="para">end</div>'
        ),
        "1. a": '<ol class="list"><li class="indent-0">a</li></ol>',
        "> q\n> *r*": '<blockquote><div class="para">q\n<em>r</em></div></blockquote>',
        "---": "<hr>",
        "[x](javascript:alert(1))": '<div class="para"><span>x</span>)</div>',
        "<img src=x onerror=alert(1)>": '<div class="para">&lt;img src=x onerror=alert(1)&gt;</div>',
    }
    assert {text: await rendered(page, "markdown", text) for text in wanted} == wanted
    table = await rendered(page, "markdown", "| a | b |\n|---|:-:|\n| 1 | `2` |")
    assert "<th>a</th><th>b</th>" in table
    assert "<td>1</td><td><code>2</code></td>" in table


async def test_markup_in_a_message_is_text(
    slack: SlackWorkspace, client: AsyncWebClient, page: Page
) -> None:
    attack = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"
    escaped = attack.replace("<", "&lt;").replace(">", "&gt;")
    typed = await slack.post("U0BEN", CHANNEL, attack)
    ts = await send(
        client,
        {"type": "section", "text": {"type": "mrkdwn", "text": escaped}},
        {"type": "header", "text": {"type": "plain_text", "text": attack}},
        {"type": "markdown", "text": attack},
        {"type": "table", "rows": [[{"type": "raw_text", "text": attack}]]},
        attachments=[{"color": "red;}*{x:url(//evil)}", "title": attack, "text": attack}],
    )
    await visible(page, at(ts))
    assert attack in await page.text(at(typed["ts"]))
    assert (await page.text(at(ts))).count(attack) == 6
    assert await count(page, ".message script, .message img") == 0
    assert await page.evaluate("window.hit") is None


async def test_the_browser_itself_refuses_markup(page: Page) -> None:
    refused = await page.evaluate(
        "(() => { try { document.body.innerHTML = '<p>'; } catch (error) { return error.name; } })()"
    )
    assert refused == "TypeError"
    page.errors.clear()
