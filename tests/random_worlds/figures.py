"""What a run came to, in numbers, and the smallest case that went wrong, so that it can be tried again."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tests.random_worlds import firing
from tests.random_worlds.comparing import (
    OF_CLIENTS,
    Kind,
    Wrong,
    fired,
    serious,
    tells_of_clients,
    wrongs,
)
from tests.random_worlds.trying import Tried, try_case
from tests.random_worlds.witness import Word
from tests.random_worlds.worlds import Case, World, world
from tests.random_worlds.writing import scenario_source

Try = Callable[[Case], Tried]


@dataclass
class Figures:
    """Counts over the cases of a run."""

    cases: int = 0
    wrong: dict[Kind, list[tuple[Tried, Wrong]]] = field(default_factory=lambda: defaultdict(list))
    firing: dict[str, list[Tried]] = field(default_factory=lambda: defaultdict(list))
    changes: Counter[str] = field(default_factory=Counter)
    remedies: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    only_clients: int = 0
    noticed: int = 0
    told: int = 0
    failed: list[Tried] = field(default_factory=list)

    def add(self, tried: Tried) -> None:
        self.cases += 1
        self.changes.update((*tried.faults, *tried.remarks))
        for each in wrongs(tried):
            self.wrong[each.kind].append((tried, each))
        if serious(tried):
            self.failed.append(tried)
        self.remedies.update(each.option for each in tried.remedies)
        for rule in fired(tried.report):
            self.firing[rule].append(tried)
        if tried.word and not tried.error:
            self._count(tried, tried.word)

    def _count(self, tried: Tried, word: Word) -> None:
        self.told += tells_of_clients(tried.report)
        self.faults += word.is_fault
        if (
            word.is_fault
            and not word.unhealthy
            and tried.report["gateway"]["operational_state"] == "Running"
        ):
            self.only_clients += 1
            self.noticed += tried.report["verdict"] == "fault"

    def failing(self) -> list[Tried]:
        """The cases that make the run fail, smallest first."""
        return sorted(self.failed, key=lambda it: it.size)

    def lines(self) -> Iterator[str]:
        """The whole table."""
        yield f"{self.cases} cases, {self.faults} with a fault, {self.only_clients} of them for clients only"
        for kind, title in _TITLES.items():
            cases = {it.case for it, _ in self.wrong[kind]}
            right = self.cases - len(cases)
            told = "" if self.told or kind not in OF_CLIENTS else "   (a figure only)"
            yield f"  {title:<44}{right:>6} of {self.cases}  {100 * right / self.cases:6.2f} %{told}"
        yield f"  faults of clients only that are seen          {self.noticed:>5} of {self.only_clients}"
        yield f"remedies carried out: {sum(self.remedies.values())}"
        yield from _counted(self.remedies)
        yield from firing.lines(self.firing, self.cases)


_TITLES: dict[Kind, str] = {
    "exception": "without exception",
    "verdict": "verdict right",
    "pairs": "(settings, server) pairs right",
    "cause": "cause named",
    "heals": "every heals is true",
    "harm": "no harm",
    "sites": "sites right",
    "clients": "what only clients meet seen, and named",
    "harm to clients": "no harm to clients",
}


def _counted(counts: Counter[str]) -> Iterator[str]:
    for name, count in sorted(counts.items(), key=lambda it: (-it[1], it[0])):
        yield f"  {count:>6}  {name}"


def smallest(tried: Tried, retry: Try = try_case) -> Tried:
    """Leave changes out of a failing case for as long as it goes wrong in the same way."""
    kinds = {it.kind for it in serious(tried)}
    found = tried
    while True:
        for case in world(found.case).smaller():
            again = retry(case)
            if kinds & {it.kind for it in serious(again)}:
                found = again
                break
        else:
            return found


def dump(tried: Tried) -> Iterator[str]:
    """A case as somebody reads it who has to find out why: what went wrong, and the scenario in which it does."""
    made = world(tried.case)
    yield f"CASE={tried.case}: {', '.join(tried.faults) or 'no fault'}; {', '.join(tried.remarks) or 'no remark'}"
    for each in wrongs(tried):
        yield f"  WRONG {each.kind}: {each.text}"
    if tried.error:
        yield tried.error
    if tried.word:
        yield from _word(tried.word)
    yield from _said(tried)
    yield from _around(made)
    yield ""
    yield scenario_source(made.scenario)


def _around(made: World) -> Iterator[str]:
    """What is no part of the scenario, and has to be known to try it."""
    if made.hosts:
        yield f"clients also ask for {', '.join(made.hosts)}"
    if made.only_for_the_gateway:
        yield f"the bot does not reach {sorted(made.only_for_the_gateway)}"


def _word(word: Word) -> Iterator[str]:
    yield f"the lab: unhealthy {sorted(word.unhealthy)}; not served {sorted(word.suffering)};"
    yield f"  gives clients no page: {sorted(word.failing)}"


def _said(tried: Tried) -> Iterator[str]:
    report = tried.report
    if report:
        yield f"the bot: {report['verdict']}, recommends {report['recommended']}"
        for it in report["findings"]:
            yield f"  {it['severity']} {it['rule']} {it['http_settings']} {it['server']}: {it['summary']}"
        for it in report["undecided"]:
            yield f"  undecided {it['rule']}: {it['because']}"
        for it in report.get("clients", ()):
            yield f"  client {it['host']}{it['path']} {it['server']}: {it['outcome']} {it['because']}"
    for each in tried.remedies:
        after = each.after
        told = (
            f"unhealthy {sorted(after.unhealthy)}; not served {sorted(after.suffering)}"
            if after
            else each.why
        )
        yield f"  option {each.option} promised {sorted(each.promised)}: {told}"


def run_all(cases: Iterable[Tried]) -> Figures:
    """The figures of these cases."""
    figures = Figures()
    for each in cases:
        figures.add(each)
    return figures
