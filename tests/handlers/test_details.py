"""Evidence and certificate: what somebody wants to see besides the card."""

import base64

from bot.core.arm.document import Json
from tests.core import make
from tests.handlers.bench import ADA, BEN, INCIDENTS, Bench, button, shown


async def test_the_evidence_stands_in_the_thread_with_commands_to_copy(bench: Bench) -> None:
    card = await bench.report()
    await bench.slack.wait_for(lambda: bench.thread(card))
    (page,) = bench.thread(card)
    commands = [
        part["elements"][0]["text"]
        for block in page["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_preformatted"
    ]
    assert any(
        it.startswith("openssl s_client -connect 10.1.5.11:443 -noservername") for it in commands
    )
    assert make.ILB.sha256 in shown(page)
    assert "*Put the host name in the pool* (works too)" in shown(page)
    assert "<https://learn.microsoft.com/" in shown(page)


async def opened(bench: Bench, person: str) -> Json:
    """The modal on that person's screen."""
    (view,) = await bench.slack.wait_for(lambda: bench.slack.views(person))
    return dict(view)


async def test_the_evidence_button_shows_what_was_seen(bench: Bench) -> None:
    card = await bench.report()
    await bench.click(card, "evidence", BEN)
    view = await opened(bench, BEN)
    assert view["title"]["text"] == "Evidence"
    text = shown(view["blocks"])
    for needed in (
        "rule `certificate_not_allow_listed`",
        make.ILB.sha256,
        make.NOT_ALLOW_LISTED,
        "*The gateway reports* `10.1.5.11`",
        "*Without SNI* (as the gateway asks)",
    ):
        assert needed in text


async def test_the_details_button_shows_every_option_with_its_steps(bench: Bench) -> None:
    card = await bench.report()
    await bench.click(card, "details", BEN)
    view = await opened(bench, BEN)
    text = shown(view["blocks"])
    incident = await bench.store.incident(button(card, "details")["value"])
    assert incident is not None
    report = incident.report
    assert report is not None
    for option in report.options:
        assert option.title in text
    steps = [it for it in view["blocks"] if it.get("accessory", {}).get("type") == "checkboxes"]
    assert len(steps) == sum(len(it.steps) for it in report.options)
    # A tick is taken without a word.
    await bench.slack.click_in_view(
        BEN, view["id"], "tick", block_id=steps[0]["block_id"], value=["1"]
    )
    await bench.idle()
    assert bench.slack.ephemerals(BEN, INCIDENTS) == []


async def test_where_no_modal_can_be_opened_the_thread_is_pointed_to(bench: Bench) -> None:
    card = await bench.report()
    bench.slack.faults.fail("views.open", "expired_trigger_id")
    await bench.click(card, "evidence", BEN)
    said = shown(await bench.told(BEN, "All of it"))
    assert f"?thread_ts={card['ts']}&amp;cid={INCIDENTS}|the card's thread>" in said


async def test_if_the_card_is_gone_the_evidence_itself_is_shown(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    await bench.app.client.chat_delete(channel=INCIDENTS, ts=card["ts"])
    bench.slack.faults.fail("views.open", "expired_trigger_id")
    await bench.click_stale(card, "evidence", BEN)
    await bench.told(BEN, "rule `certificate_not_allow_listed`")


async def test_the_certificate_is_the_one_that_the_gateway_is_shown(bench: Bench) -> None:
    card = await bench.report()
    await bench.click(card, "certificate", BEN)
    await bench.told(BEN, "`wildcard.ase.appgwtestase.com.cer` is in")

    (file,) = bench.slack.files()
    assert file.name == "wildcard.ase.appgwtestase.com.cer"
    assert file.content is not None
    first, *middle, last = file.content.decode("ascii").splitlines()
    assert (first, last) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    assert base64.b64decode("".join(middle)) == make.ILB.der
    posted = next(it for it in bench.thread(card) if it.get("files"))
    assert make.ILB.sha256 in posted["text"]


async def test_every_change_is_had_as_code_in_one_file(bench: Bench) -> None:
    card = await bench.report()
    await bench.click(card, "as_code", BEN)
    await bench.told(BEN, "-as-code.md` is in")

    (file,) = bench.slack.files()
    assert file.content is not None
    text = file.content.decode()
    assert text.index("upload_ilb_certificate): recommended") < text.index("fqdn_in_pool): ")
    for fence in ("```sh\naz network application-gateway", "```hcl\nresource", "```bicep\n//"):
        assert fence in text
    posted = next(it for it in bench.thread(card) if it.get("files"))
    assert "Upload ILB certificate" in posted["text"]


async def test_if_the_file_cannot_be_handed_over_it_is_said_why(bench: Bench) -> None:
    card = await bench.report()
    await bench.idle()
    bench.slack.faults.fail("files.getUploadURLExternal", "missing_scope")
    await bench.click(card, "certificate", ADA)
    await bench.told(ADA, "Reinstall the app with its current manifest")
    assert bench.slack.files() == ()


async def test_a_file_is_told_even_if_slack_does_not_say_where_its_thread_is(bench: Bench) -> None:
    card = await bench.report()
    bench.slack.faults.fail("chat.getPermalink", "message_not_found", 1)
    await bench.click(card, "certificate", ADA)
    await bench.told(ADA, "is in the card's thread.")
