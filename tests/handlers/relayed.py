"""Alerts as services that pass them on post them in Slack: Opsgenie's app and its successor's, and PagerDuty's.

Shapes and fixed words are those of public messages, of which each function names one; gateways and titles are ours.
"""

from typing import Any

Event = dict[str, Any]


def jira_alert(status: str, title: str = "HTTP 502 on agw-prod") -> Event:
    """The card of Jira Service Management's alerts, which are Opsgenie's (its links lead to opsg.in).

    https://github.com/hadamrd/slack-bridge-mcp, tests/fixtures/jsm_alert_card.json: a message as Slack stored it.
    """
    head = f"Alert #308370: {title}"
    named = [":white_check_mark: *Status*", f"{status} ", "\u200e ", " "]
    named += [":technologist: *Responders*", "PRE_Platform ", "\u200e ", " "]
    named += [":label: *Tags*", "`app:shop` `env:prod` `priority:P3` `severity:page`  "]
    image = {
        "type": "image",
        "image_url": "https://resources.opsgenie.com/P3.png",
        "alt_text": "P3",
    }
    blocks = [
        _section(f"*<https://j.opsg.in/a/contoso/dac83ef6-1790764390984|{head}>*"),
        {"type": "actions", "elements": [_button("ack", "Acknowledge"), _button("close", "Close")]},
        {"type": "divider"},
        {"type": "section", "fields": [_words(it) for it in named], "accessory": image},
        _section("*Description*\nThe gateway answers with 502.\nSources: <https://grafana.contoso.com/x/view>"),
    ]  # fmt: skip
    return {
        "text": "",
        "attachments": [{"id": 1, "blocks": blocks, "color": "#0299fc", "fallback": head}],
    }


def jira_follow_up(done: str, title: str = "HTTP 502 on agw-prod") -> Event:
    """What is posted when somebody does something with an alert.

    https://github.com/hadamrd/slack-bridge-mcp, tests/test_rich_text.py; there with "acknowledged".
    """
    link = f"<https://j.opsg.in/a/contoso/x|Alert #1: {title}>"
    said = f"<@U1> {done} the alert"
    return {
        "text": "",
        "attachments": [{"fallback": f"{link}\n{said}", "text": said, "pretext": link}],
    }


def opsgenie(what: str, state: str) -> Event:
    """Opsgenie's message by an incoming webhook.

    https://github.com/discourse/discourse-chat/pull/291, where it was recorded; there with "New alert".
    """
    text = f'"[StatusCake] https://shop.contoso.com (StatusCake Test Alert): {state},"'
    link = "https://eu.opsg.in/a/i/contoso/x"
    return {
        "attachments": [
            {
                "color": "#F4511E",
                "title": f"{what}: #46353",
                "text": text,
                "fallback": f"{what}: {text} <{link}|46353>\nTags: ",
                "title_link": link,
            }
        ]
    }


def pagerduty(state: str, title: str = "[#4711] HTTP 502 on agw-prod") -> Event:
    """PagerDuty's app: the state in bold, then the incident as a link.

    Derived: no whole message is public. A bot that reads them, https://github.com/vespperhq/vespper
    (services/slackbot/src/messages.ts), takes those whose text begins "*Resolved* " for over, and finds
    "<...pagerduty.com/incidents/ID" in the others. That the link's words are the number and the title, as PagerDuty
    calls an incident elsewhere (`summary` in its REST API), is supposed.
    """
    return {"text": f"*{state}* <https://contoso.pagerduty.com/incidents/Q1ABC|{title}>"}


def _words(text: str) -> Event:
    return {"type": "mrkdwn", "text": text, "verbatim": False}


def _section(text: str) -> Event:
    return {"type": "section", "text": _words(text)}


def _button(action_id: str, text: str) -> Event:
    return {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": text, "emoji": True},
    }
