"""What Azure does wrong."""

from tests.faults.row import rows

ROWS = (
    *rows(
        "Azure",
        "workflow/test_azure_faults",
        (
            "Somebody else changes the gateway",
            "between check and PUT, and Azure ignores If-Match",
            "Nothing is sent. The card says what the other one changed, and that stays.",
            "a_foreign_change_after_the_check_is_seen_and_not_overwritten",
        ),
        (
            "The etag changes and the content does not",
            "between check and PUT",
            "Nothing is sent: the gateway is not the one that was checked.",
            "the_same_content_under_another_etag_is_not_what_was_checked",
        ),
        (
            "The change shows only seconds later, with or without an answer",
            "after the PUT",
            "Not known yet; it is looked at until the change shows, then proven. It can be undone.",
            "a_change_that_shows_late_is_waited_for_and_can_be_undone",
        ),
        (
            "No answer, and the change never shows",
            "after the PUT",
            "Not carried out, as far as Azure shows. It is not sent again; press again if it is still needed.",
            "what_never_shows_is_not_carried_out_as_far_as_azure_shows",
        ),
        (
            "The operation fails, and the gateway has the change",
            "while Azure rolls it out",
            "Not healthy, with Azure's code and message and what to do about it; never called verified.",
            "a_failed_operation_is_told_although_the_edits_hold",
        ),
        (
            "The gateway turns Failed, and the operation may not be read",
            "while Azure rolls it out",
            "Not healthy: the gateway's state is told, and that Azure gives no reason.",
            "a_failed_state_is_told_where_nobody_says_why",
        ),
        (
            "Somebody else's change fails, and keeps ours",
            "between the end of the operation and the last look",
            "Not healthy: the gateway's state is told; never called verified.",
            "a_gateway_that_turns_failed_before_the_last_look_is_not_called_healthy",
        ),
        (
            "The operation of an undo fails, and the gateway reads as before",
            "while Azure rolls it out",
            "Not healthy, with what Azure says; it is not told as done.",
            "an_undo_that_azure_calls_failed_is_not_told_as_done",
        ),
        (
            "The operation fails with a message and no code",
            "while Azure rolls it out",
            "Not healthy, in Azure's own words.",
            "an_operation_that_fails_without_a_code_is_told_in_its_own_words",
        ),
        (
            "Something takes the change back",
            "after Azure has accepted it",
            "Failed: no longer in effect. No undo is offered.",
            "edits_that_are_taken_back_are_not_called_healthy",
        ),
        (
            "The gateway is Failed already",
            "before the offer",
            "The change is offered as Microsoft's cure for that, and ends the state.",
            "a_failed_gateway_is_offered_its_cure_as_that",
        ),
        (
            "Another operation is updating the gateway",
            "after the approval",
            "It waits for the end of that operation and goes on.",
            "a_gateway_that_is_updated_is_waited_for",
        ),
        (
            "Another operation is updating the gateway",
            "before an undo",
            "The undo says that it waits for the end of that operation.",
            "an_undo_that_has_to_wait_says_so",
        ),
        (
            "The gateway's TLS policy was retired meanwhile",
            "before an undo",
            "No undo is offered; the reason is told.",
            "an_undo_that_azure_would_refuse_on_paper_is_not_offered",
        ),
        (
            "The other operation changes the gateway",
            "while it is waited for",
            "Nothing is sent: the gateway is not as it was shown.",
            "what_the_other_operation_changed_ends_the_wait",
        ),
        (
            "Azure does not answer",
            "from the approval to its end",
            "Nothing is sent. The change is closed, and the gateway is free for another approval.",
            "an_approval_ends_when_azure_stays_away",
        ),
        (
            "The other operation does not end",
            "from the approval to its end",
            "Nothing is sent. The change is closed, and the card says what was waited for.",
            "an_approval_ends_when_the_other_operation_does_not",
        ),
        (
            "The operation lasts longer than usual",
            "while Azure rolls it out",
            "Azure is still working: it is watched until it ends.",
            "an_operation_that_lasts_is_watched_until_it_ends",
        ),
        (
            "429 with Retry-After",
            "at the PUT",
            "The approval is not spent: it waits as long as Azure asks, checks again and sends.",
            "a_throttled_put_does_not_spend_the_approval",
        ),
        (
            "Azure never says how the operation ended",
            "while Azure rolls it out",
            "Not known, said as that. The gateway may hold the change, so it can be undone.",
            "a_gateway_that_never_tells_is_given_up_and_keeps_its_undo",
        ),
        (
            "Somebody else changes another part",
            "between change and undo",
            "The undo takes back only its own change, and says what of others stays.",
            "an_undo_says_what_of_others_stays",
        ),
        (
            "The gateway is stopped",
            "before an undo",
            "No undo is offered; the reason is told.",
            "an_undo_that_would_be_refused_is_not_offered",
        ),
    ),
    *rows(
        "Azure",
        "workflow/test_refusals",
        (
            "The gateway is stopped, being deleted, or changed",
            "between offer and press",
            "Nothing is sent; the card says which of these it is.",
            "a_gateway_that_is_not_as_it_was_shown_is_not_written",
        ),
        (
            "The answer is lost",
            "at the PUT",
            "It is looked up at the gateway and not sent again.",
            "a_lost_answer_is_looked_up_and_the_put_not_repeated",
        ),
        (
            "Permission missing, also on the subnet; a lock; a reference to nothing",
            "at the PUT",
            "Failed, with Azure's reason. The gateway is as before.",
            "what_azure_refuses_changes_nothing_and_says_so",
        ),
        (
            "Operations may not be read",
            "while Azure rolls it out",
            "The gateway's own state is enough: it goes on to the proof.",
            "without_permission_to_look_at_operations_the_gateways_own_state_is_enough",
        ),
        (
            "Somebody removed what the change had made",
            "before an undo",
            "No undo is offered; what is different is told.",
            "undo_is_refused_if_somebody_removed_the_reference",
        ),
    ),
    *rows(
        "Azure",
        "workflow/test_locks",
        (
            "A lock that can be read only at the press",
            "between offer and PUT",
            "Nothing is sent: the card names the lock and who can remove it.",
            "a_lock_that_can_be_read_only_now_is_found_before_anything_is_sent",
        ),
        (
            "A lock was set after the change",
            "before an undo",
            "No undo is offered; the lock is named.",
            "an_undo_behind_a_lock_is_not_offered",
        ),
    ),
    *rows(
        "Azure",
        "workflow/test_superseded",
        (
            "Somebody else writes, and keeps our change",
            "while Azure rolls it out",
            "Healthy, and the other difference is told.",
            "one_that_keeps_our_change_heals_as_well_and_is_told_of",
        ),
        (
            "Somebody else writes, and drops our change",
            "while Azure rolls it out",
            "Failed: superseded. Nothing is sent again.",
            "one_that_drops_our_change_is_left_alone_and_nothing_is_sent_again",
        ),
    ),
    *rows(
        "Azure",
        "azure/test_exactly_once",
        (
            "The connection ends without an answer",
            "at the PUT",
            "It counts as lost: one request, looked up and never repeated.",
            "what_leaves_it_open_is_called_lost",
        ),
        (
            "Silence",
            "at the PUT",
            "It counts as lost when the longest request time is over.",
            "silence_is_called_lost",
        ),
    ),
    *rows(
        "Azure",
        "azure/test_listing",
        (
            "A list that leads back to itself, never ends, or is too large",
            "looking a gateway up by its name",
            "The list ends at its bounds; what was read is used, and the gap is told.",
            "a_sick_list_ends_and_keeps_what_it_has",
        ),
    ),
    *rows(
        "Azure",
        "cli/test_broken_azure",
        (
            "An answer that is none (HTML, nothing, 5xx)",
            "any command in the terminal",
            "One sentence, no traceback.",
            "each_command_says_one_sentence",
        ),
    ),
)
