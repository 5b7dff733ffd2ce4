"""What the database does wrong, and the way to it."""

from tests.faults.row import A_FILE, A_SERVER, Only, rows

ROWS = (
    *rows(
        "Store",
        "workflow/test_store_faults",
        (
            "Locked, or away",
            "from the PUT's arrival on",
            "The change goes on and ends healthy; what was not written is written later.",
            "a_store_that_is_locked_from_the_put_on_changes_no_word_of_it",
        ),
    ),
    *rows(
        "Store",
        "workflow/test_partition",
        (
            "The network to the database fails",
            "between stored intent and PUT",
            "Another replica takes the change over; no second PUT, whether the first one left or not.",
            "a_partition_never_gives_a_second_put",
            A_SERVER,
        ),
    ),
    *rows(
        "Store",
        "workflow/test_holding",
        (
            "The database stays away",
            "while a replica works on a change",
            "The replica stops before its lease is over.",
            "work_ends_when_the_database_stays_away",
        ),
    ),
    *rows(
        "Store",
        "handlers/test_outbox",
        (
            "The line of the audit log cannot be written",
            "the approval",
            "Not approved and told; the offer stands and can be pressed again.",
            "an_approval_that_cannot_be_stored_whole_is_not_stored_at_all",
        ),
    ),
    *rows(
        "Store",
        "store/test_leases",
        (
            "The lease is lost to another replica",
            "any step of a change",
            "The step is not stored.",
            "nothing_is_stored_under_a_lost_lease",
        ),
    ),
    *rows(
        "Store",
        "store/test_replicas",
        (
            "A replica is cut off from the database",
            "while it works on a change",
            "It stops before another begins; what it sends later counts for nothing.",
            "a_replica_cut_off_from_the_database_stops_before_another_begins",
            A_SERVER,
        ),
    ),
    *rows(
        "Store",
        "store/test_problems",
        (
            "Locked by another process",
            "any write",
            "One sentence that names the file; the next attempt goes through.",
            "a_lock_of_another_process",
            A_FILE,
        ),
        (
            "The disk is full",
            "any write",
            "One sentence; nothing is half written, and it goes on once there is room.",
            "a_full_disk",
            A_FILE,
        ),
        (
            "A stored change was altered or damaged",
            "any read of it",
            "It is said to be damaged, and not guessed at.",
            "a_stored_change_that_was_altered",
        ),
        (
            "The file is no database",
            "at the start",
            "One sentence; the file is left as it is.",
            "a_file_that_is_no_database",
            A_FILE,
        ),
    ),
    *rows(
        "Store",
        "store/test_durability",
        (
            "The disk fails half way",
            "any write",
            "What was acknowledged before is there, and nothing else.",
            "a_disk_that_fails_half_way",
            A_FILE,
        ),
    ),
    *rows(
        "Store",
        "store/test_replaced",
        (
            "The file is deleted",
            "while the bot runs",
            "Noticed and told; no new, empty file takes its place.",
            "a_deleted_file",
            A_FILE,
        ),
        (
            "Another file takes its place",
            "while the bot runs",
            "Noticed and told.",
            "another_file_in_its_place",
            A_FILE,
        ),
        (
            "The tables are gone",
            "while the bot runs",
            "Noticed and told.",
            "tables_that_are_gone",
            A_SERVER,
        ),
    ),
    *rows(
        "Store",
        "store/test_server",
        (
            "The server is away for a while",
            "any read or write",
            "One sentence meanwhile; afterwards it goes on without a restart.",
            "after_an_outage_it_goes_on",
            A_SERVER,
        ),
        (
            "A firewall forgot the connection",
            "any read or write",
            "It is replaced: no more than a pause.",
            "a_connection_that_a_firewall_forgot_is_replaced",
            A_SERVER,
        ),
        (
            "A replica falls silent within a transaction",
            "any write",
            "Other replicas get through.",
            "whoever_falls_silent_in_a_transaction_lets_others_through",
            A_SERVER,
        ),
    ),
    *rows(
        "Store",
        "store/test_previous",
        (
            "A replica of the version before runs beside",
            "a rolling update",
            "Both go on; a gateway has one change at a time between them.",
            "between_both_a_gateway_has_one_active_change",
            Only("SQLite", "the version before knew no other"),
        ),
    ),
    *rows(
        "Store",
        "store/test_audit_verification",
        (
            "Somebody changes a line of the audit log past the bot",
            "at any time",
            "`agw audit --verify` names the first line that does not fit, and exits 2.",
            "a_changed_line",
        ),
        (
            "Somebody removes lines in between",
            "at any time",
            "The same, with the lines before and after the gap.",
            "removed_lines",
        ),
        (
            "Somebody inserts lines",
            "at any time",
            "The same, with the lines that do not belong.",
            "inserted_lines",
        ),
        (
            "Somebody removes lines at the end",
            "at any time",
            "Found with `--head` and a hash that was kept elsewhere; not without, which is said.",
            "the_end_is_missed_only_by_who_kept_a_head",
        ),
        (
            "Several replicas write at once",
            "any line of the audit log",
            "They take turns: the chain does not fork.",
            "replicas_that_write_at_once_make_one_chain",
            A_SERVER,
        ),
    ),
)
