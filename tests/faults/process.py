"""What happens to the bot itself."""

from tests.faults.row import Only, rows

MACHINES = Only("PostgreSQL", "replicas on several machines share a server")

ROWS = (
    *rows(
        "Process",
        "workflow/test_kill",
        (
            "kill -9",
            "in each state of a change: approved, writing, written, verifying",
            "The next start ends it: healthy after one PUT; or, if none was sent, not carried out, said so.",
            "killed_in_a_state",
        ),
        (
            "kill -9",
            "when Azure has the PUT, and the bot does not know",
            "The next start finds the change at the gateway; no second PUT.",
            "killed_when_azure_has_carried_it_out_and_before_anybody_knows",
        ),
        (
            "Stopped (SIGSTOP) until its lease is over, then woken",
            "between stored intent and PUT, and Azure ignores If-Match",
            "Another one has closed the change; never two PUTs.",
            "a_life_that_was_stopped_before_the_put_sends_nothing_when_it_wakes",
        ),
    ),
    *rows(
        "Process",
        "handlers/test_outbox",
        (
            "kill -9",
            "after the end of a change, before Slack was told",
            "The next start says it on the card and in its thread, once.",
            "what_was_stored_before_a_kill_is_said_after_it",
        ),
        (
            "kill -9",
            "during a diagnosis",
            "The card does not look for ever.",
            "a_diagnosis_that_was_killed_does_not_look_for_ever",
        ),
        (
            "Two replicas on one database",
            "saying how it ended",
            "Said once.",
            "two_replicas_say_it_once",
        ),
    ),
    *rows(
        "Process",
        "handlers/test_stopping",
        (
            "SIGTERM",
            "while Azure rolls it out",
            "Handed over, and the card says so; the next start ends it.",
            "a_change_under_way_is_handed_over_and_its_card_says_so",
        ),
        (
            "SIGTERM",
            "before the PUT",
            "The card says that nothing of this change has been sent.",
            "before_the_put_nothing_is_said_to_have_been_sent",
        ),
        (
            "SIGTERM while Slack hangs",
            "any step",
            "The end comes within Docker's ten seconds.",
            "nothing_that_hangs_holds_the_end_up",
        ),
    ),
    *rows(
        "Process",
        "handlers/test_cards",
        (
            "Killed between approval and its begin",
            "the hand-over",
            "The next start carries it out.",
            "an_approval_that_was_not_begun_is_gone_on_with",
        ),
        (
            "An error that nobody foresaw",
            "while a change is carried out",
            "A reference on card and in thread, no traceback; it is gone on with after a pause.",
            "a_change_that_failed_is_gone_on_with_after_a_pause_and_told_once",
        ),
    ),
    *rows(
        "Process",
        "workflow/test_azure_faults",
        (
            "Nobody carries an approval out",
            "from the approval to its end",
            "It is closed when its time is over, and never sent.",
            "an_approval_that_nobody_carries_out_is_closed_and_never_sent",
        ),
        (
            "Another life finds a stored intent",
            "between stored intent and PUT",
            "It only looks: not carried out, as far as Azure shows.",
            "another_life_sends_nothing_that_was_meant_to_be_sent",
        ),
    ),
    *rows(
        "Process",
        "store/test_durability",
        (
            "kill -9",
            "before any statement of a stored step",
            "The step is there whole or not at all.",
            "killed_before_any_statement",
        ),
        (
            "Two processes approve at once",
            "the approval",
            "One of them wins.",
            "of_two_processes_one_approves",
        ),
    ),
    *rows(
        "Process",
        "store/test_replicas",
        (
            "A replica is killed",
            "while it works on a change",
            "Its lease runs out, and another takes the change over.",
            "a_killed_replicas_work_is_taken_over",
        ),
    ),
    *rows(
        "Process",
        "story/test_exactly_once",
        (
            "kill -9 of the whole bot",
            "at the PUT, during the operation, during the proof",
            "The same card ends healthy, with one PUT in all.",
            "killed_in_the_middle_of_a_change",
        ),
        (
            "Two whole bots on one database",
            "from the report to healthy",
            "One card for the report, one PUT for the approval.",
            "two_bots_on_one_database",
        ),
    ),
    *rows(
        "Process",
        "story/test_replicas",
        (
            "A report and its approval reach three replicas at once",
            "from the report to healthy",
            "One card, one PUT, one last word.",
            "of_reports_and_presses_to_all_of_them_one_counts",
            MACHINES,
        ),
        (
            "kill -9 of the replica that carries out a change",
            "at the PUT, during the operation, during the proof",
            "Another one goes on: the same card ends healthy, with one PUT in all.",
            "another_goes_on_with_the_change_of_a_killed_one",
            MACHINES,
        ),
        (
            "kill -9 of the replica that speaks to Slack",
            "with a last word that Slack refused, or took unheard",
            "Another one says it, once.",
            "another_says_the_last_word_of_a_killed_one_and_once",
            MACHINES,
        ),
    ),
)
