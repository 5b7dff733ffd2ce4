"""What Slack does wrong, and who speaks in its name."""

from tests.faults.row import rows

ROWS = (
    *rows(
        "Slack",
        "handlers/test_outbox",
        (
            "503, rate limit, silence, lost answers, internal errors",
            "while a change is carried out",
            "The change does not wait. The card is put right once Slack is back, with one reply in its thread.",
            "after_an_outage_the_card_says_how_it_ended",
        ),
        (
            "Slack hangs",
            "from the press on",
            "The PUT leaves all the same, without waiting for Slack.",
            "a_change_never_waits_for_slack",
        ),
        (
            "The answer to a reply is lost, and the bot is killed",
            "saying how it ended",
            "The thread is read first: it is not said twice.",
            "a_reply_that_slack_took_before_the_kill_is_not_said_twice",
        ),
        (
            "The same, and the thread may not be read",
            "saying how it ended",
            "Said rather twice than never.",
            "where_it_may_not_look_it_says_it_rather_twice_than_never",
        ),
        (
            "Slack is away",
            "during a diagnosis",
            "The diagnosis goes on; its card comes when Slack is back.",
            "while_slack_is_away_a_diagnosis_goes_on_and_its_card_comes_later",
        ),
        (
            "The card was deleted",
            "at the end of a change",
            "It is posted anew, with its buttons.",
            "a_card_that_was_deleted_is_posted_anew_with_its_buttons",
        ),
        (
            "The channel was archived",
            "at the end of a change",
            "Who asked and who approved are told directly.",
            "if_the_channel_is_archived_those_who_wait_are_told_directly",
        ),
        (
            "Nobody can be reached",
            "at the end of a change",
            "What was to be said stands in the audit log.",
            "what_reaches_nobody_is_in_the_audit_log",
        ),
        (
            "The token is revoked for a while",
            "during a change",
            "Nothing is lost: it is said when Slack takes the token again.",
            "a_revoked_token_loses_nothing",
        ),
        (
            "One channel is slow",
            "editing its card",
            "Other channels are not held up.",
            "a_place_that_is_slow_holds_up_no_other",
        ),
    ),
    *rows(
        "Slack",
        "handlers/test_http_mode",
        (
            "A request that is not signed, or signed wrongly",
            "any request in HTTP mode",
            "401, and nothing is sent anywhere.",
            "what_is_not_signed_gets_401_and_nothing_is_sent",
        ),
    ),
    *rows(
        "Slack",
        "handlers/test_hearing",
        (
            "An event is delivered twice",
            "a report",
            "It counts once: one card.",
            "an_event_that_comes_twice_counts_once",
        ),
    ),
    *rows(
        "Slack",
        "handlers/test_deciding",
        (
            "A press is delivered twice",
            "the approval",
            "One change, and no complaint to who pressed.",
            "one_press_that_comes_twice_is_one_change_and_no_complaint",
        ),
        (
            "Slack does not say who is in the approvers' group",
            "the approval",
            "Nobody may approve until it does.",
            "if_slack_does_not_say_who_is_in_the_group_the_answer_is_no",
        ),
    ),
    *rows(
        "Slack",
        "handlers/test_late",
        (
            "An event comes more than a quarter of an hour late",
            "a report",
            "Asked about, and diagnosed on a yes.",
            "a_late_report_is_asked_about_and_diagnosed_on_a_yes",
        ),
    ),
    *rows(
        "Slack",
        "cli/test_slack_at_start",
        (
            "Outage or rate limit",
            "at the start",
            "The bot waits and tries again; it does not end.",
            "an_outage_or_a_rate_limit_is_waited_for",
        ),
        (
            "The token is refused",
            "at the start",
            "The bot ends with one sentence that names the reason.",
            "a_token_that_slack_refuses_ends_it_with_its_own_sentence",
        ),
    ),
)
