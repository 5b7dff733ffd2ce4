"""What backends do wrong."""

from tests.faults.row import rows

ROWS = (
    *rows(
        "Backend",
        "workflow/test_refusals",
        (
            "It serves another certificate",
            "between offer and PUT",
            "Nothing is sent; both fingerprints are told.",
            "another_certificate_at_the_press_is_refused_with_both_fingerprints",
        ),
    ),
    *rows(
        "Backend",
        "workflow/test_names",
        (
            "A pool member's name does not resolve",
            "between offer and PUT",
            "Nothing is sent: the gateway would forget the address that it still uses.",
            "the_button_heals_and_nothing_is_written_while_the_name_is_gone",
        ),
    ),
    *rows(
        "Backend",
        "workflow/test_on_demand",
        (
            "It does not answer the new probe, tried by the gateway itself",
            "between offer and PUT",
            "Nothing is sent.",
            "a_probe_that_fails_for_the_gateway_is_not_written",
        ),
    ),
    *rows(
        "Backend",
        "workflow/test_deadline",
        (
            "80 silent members, and a report that never comes",
            "the diagnosis",
            "It keeps its time; what was not tried counts as not tried.",
            "silent_members_and_a_silent_report_take_no_more_than_the_time",
        ),
    ),
    *rows(
        "Backend",
        "handlers/test_story",
        (
            "It stays unhealthy",
            "the proof after the change",
            "Changed, but not fixed; it can be undone.",
            "a_change_that_does_not_heal_says_so_and_can_be_undone",
        ),
    ),
    *rows(
        "Backend",
        "probe/test_hostile",
        (
            "Thousands of interim answers in records of one byte",
            "the diagnosis",
            "It is given up early, and the bot stays responsive.",
            "a_flood_of_interim_answers_in_records_of_one_byte_ends_early",
        ),
        (
            "A body without an end",
            "the diagnosis",
            "Only its beginning is read.",
            "an_endless_body_ends",
        ),
        (
            "More certificates than any server needs",
            "the diagnosis",
            "They are not looked at.",
            "more_certificates_than_any_server_needs_are_not_looked_at",
        ),
    ),
    *rows(
        "Backend",
        "probe/test_connecting",
        (
            "Nothing listens",
            "the diagnosis",
            "Told as refused.",
            "nothing_listens",
        ),
        (
            "Packets vanish",
            "the diagnosis",
            "Told as no answer, within its time.",
            "packets_vanish",
        ),
    ),
)
