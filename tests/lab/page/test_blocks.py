"""Every block of Block Kit that a message may hold, as it looks on the page."""

from slack_sdk.web.async_client import AsyncWebClient

from tests.browser import Page
from tests.lab.page.steps import (
    CHANNEL,
    at,
    button,
    count,
    mrkdwn,
    option,
    plain,
    says,
    section,
    send,
    texts,
    visible,
)


def cell(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": text}


def rich(*elements: object) -> dict[str, object]:
    return {"type": "rich_text", "elements": list(elements)}


def part(kind: str, *elements: object, **more: object) -> dict[str, object]:
    return {"type": f"rich_text_{kind}", "elements": list(elements), **more}


def word(text: str, **style: bool) -> dict[str, object]:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


async def test_header_section_fields_context_and_divider(
    client: AsyncWebClient, page: Page
) -> None:
    ts = await send(
        client,
        {"type": "header", "text": plain("agw-test is *broken* :x:")},
        {"type": "section", "fields": [mrkdwn("*Served*\nilb"), plain("*as it is*")]},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("by <@U0ADA>"), plain("now")]},
    )
    await visible(page, at(ts))
    assert (await page.text(at(ts, "h3"))).strip() == "agw-test is *broken*"
    assert await texts(page, at(ts, ".field-block")) == ["Served\nilb", "*as it is*"]
    assert await count(page, at(ts, "hr")) == 1
    assert await texts(page, at(ts, ".context .words")) == ["by @ada", "now"]


async def test_side_by_side_fields_really_stand_side_by_side(
    client: AsyncWebClient, page: Page
) -> None:
    ts = await send(client, {"type": "section", "fields": [mrkdwn("left"), mrkdwn("right")]})
    await visible(page, at(ts))
    tops = await page.evaluate(
        "[...document.querySelectorAll('.field-block')].map((f) => f.getBoundingClientRect().top)"
    )
    assert tops[0] == tops[1]


async def test_buttons_menus_and_links(client: AsyncWebClient, page: Page) -> None:
    ts = await send(
        client,
        section("with a button", accessory=button("side", "Side")),
        {
            "type": "actions",
            "elements": [
                button("go", "Go", style="primary"),
                button("stop", "Stop", style="danger", accessibility_label="Stop it all"),
                button("docs", "Docs", url="https://learn.microsoft.com/"),
                {
                    "type": "static_select",
                    "action_id": "pick",
                    "placeholder": plain("Which one?"),
                    "options": [option("a", "Alpha"), option("b", "Beta")],
                    "initial_option": option("b", "Beta"),
                },
            ],
        },
    )
    await visible(page, at(ts, "[data-action-id=side]"))
    assert await count(page, at(ts, ".button.primary[data-action-id=go]")) == 1
    assert await count(page, at(ts, ".button.danger[aria-label='Stop it all']")) == 1
    link = f"document.querySelector('{at(ts, 'a[data-action-id=docs]')}')"
    assert await page.evaluate(f"[{link}.href, {link}.target, {link}.rel]") == [
        "https://learn.microsoft.com/",
        "_blank",
        "noopener noreferrer",
    ]
    assert await texts(page, at(ts, "option")) == ["Which one?", "Alpha", "Beta"]
    assert await page.evaluate(f"document.querySelector('{at(ts, 'select')}').value") == "b"


async def test_rich_text(client: AsyncWebClient, page: Page) -> None:
    ts = await send(
        client,
        rich(
            part(
                "section",
                word("bold", bold=True),
                word(" and "),
                word("*code*", code=True),
                {"type": "link", "url": "https://a.example/", "text": "link"},
                {"type": "user", "user_id": "U0BEN"},
                {"type": "emoji", "name": "white_check_mark"},
            ),
            part("list", part("section", word("first")), style="ordered", offset=2),
            part("list", part("section", word("deep")), style="bullet", indent=1),
            part("quote", word("quoted")),
            part("preformatted", word("$ openssl s_client\n  -connect 10.1.5.11:443")),
        ),
    )
    await visible(page, at(ts))
    assert await texts(page, at(ts, "strong")) == ["agw", "bold"]
    assert await texts(page, at(ts, "code")) == [
        "*code*",
        "$ openssl s_client\n  -connect 10.1.5.11:443",
    ]
    assert await texts(page, at(ts, ".mention")) == ["@ben"]
    assert await page.evaluate(f"document.querySelector('{at(ts, 'ol')}').start") == 3
    assert await texts(page, at(ts, "ul.indent-1 li")) == ["deep"]
    assert await texts(page, at(ts, "blockquote")) == ["quoted"]


async def test_a_long_line_of_code_scrolls_in_its_block(client: AsyncWebClient, page: Page) -> None:
    ts = await send(client, rich(part("preformatted", word("x" * 2000))))
    await visible(page, at(ts, "pre"))
    pre = f"document.querySelector('{at(ts, 'pre')}')"
    assert await page.evaluate(f"{pre}.scrollWidth > {pre}.clientWidth")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate(f"{pre}.clientWidth < innerWidth / 1.3")


async def test_a_table_has_a_heading_and_aligned_columns(
    client: AsyncWebClient, page: Page
) -> None:
    ts = await send(
        client,
        {
            "type": "table",
            "column_settings": [{"align": "left"}, {"align": "right", "is_wrapped": True}],
            "rows": [[cell("Server"), cell("Health")], [cell("10.1.5.11"), cell(":x: bad")]],
        },
    )
    await visible(page, at(ts, "table"))
    assert await texts(page, at(ts, "th")) == ["Server", "Health"]
    assert [text.strip() for text in await texts(page, at(ts, "td"))] == ["10.1.5.11", "bad"]
    assert await count(page, at(ts, "td.right.wrapped")) == 1


async def test_containers_cards_and_plans(client: AsyncWebClient, page: Page) -> None:
    task = {"type": "task_card", "task_id": "t", "title": "Read the gateway", "status": "complete"}
    ts = await send(
        client,
        {
            "type": "container",
            "title": plain("Details"),
            "is_collapsible": True,
            "default_collapsed": True,
            "child_blocks": [section("inside")],
        },
        {"type": "plan", "title": "Diagnosis", "tasks": [task]},
        {"type": "card", "title": mrkdwn("A card"), "body": mrkdwn("its _body_")},
    )
    await visible(page, at(ts, "summary"))
    assert await count(page, at(ts, "details[open]")) == 0
    await page.click(at(ts, "summary"))
    await says(page, at(ts), "inside")
    assert "Read the gateway" in await page.text(at(ts, "[data-status=complete]"))
    assert await texts(page, at(ts, "em")) == ["body"]


async def test_a_picture_from_outside_becomes_its_description(
    client: AsyncWebClient, page: Page
) -> None:
    ts = await send(
        client,
        {"type": "image", "image_url": "https://outside.example/a.png", "alt_text": "A diagram"},
    )
    await says(page, at(ts, ".lost-image"), "A diagram")
    assert all("Content Security Policy" in error for error in page.errors)
    page.errors.clear()


async def test_attachments_have_a_coloured_bar(client: AsyncWebClient, page: Page) -> None:
    fields = [{"title": "Gateway", "value": "`agw-test`", "short": True}]
    ts = await send(
        client,
        attachments=[
            {"color": "#336699", "title": "Report", "text": "*bold*", "fields": fields},
            {"color": "danger", "blocks": [section("with blocks")]},
        ],
    )
    await visible(page, at(ts, ".attachment"))
    bars = await page.evaluate(
        "[...document.querySelectorAll('.attachment')]"
        ".map((box) => getComputedStyle(box).borderLeftColor)"
    )
    assert bars == ["rgb(51, 102, 153)", "rgb(192, 39, 62)"]
    assert await texts(page, at(ts, ".field-block")) == ["Gateway\nagw-test"]
    assert "with blocks" in await page.text(at(ts))


async def test_a_file_is_a_card_that_downloads_it(client: AsyncWebClient, page: Page) -> None:
    await client.files_upload_v2(
        channel=CHANNEL, filename="ilb.cer", title="ILB certificate", content="-----BEGIN"
    )
    await visible(page, ".file")
    assert await texts(page, ".file strong, .file small") == [
        "ILB certificate",
        "ilb.cer \N{MIDDLE DOT} 10 bytes",
    ]
    body = await page.evaluate(
        "fetch(document.querySelector('.file').href).then((answer) => answer.text())"
    )
    assert body == "-----BEGIN"


async def test_what_cannot_be_drawn_falls_back_to_its_text(page: Page) -> None:
    """No app can post such blocks here; the page must not die of what Slack may think of next."""
    broken = '{ts: "1.0", user: "U0AGW", channel: "C0INCIDENTS", text: "still here", blocks: [%s]}'
    draw = (
        "import('/static/js/message.js').then(({messageElement}) =>"
        " messageElement(%s, {}).querySelector('.body, .words').textContent)"
    )
    unknown = await page.evaluate(draw % (broken % '{type: "hologram"}'))
    assert unknown == "This page cannot show this kind of block: hologram"
    assert await page.evaluate(draw % (broken % '{type: "header"}')) == "still here"
    assert "cannot be drawn" in page.errors.pop()
