"""`make soak`: changes with kills at random, on one store; goes on where it was stopped.

make soak N=300 SEED=7 STORE=sqlite
make soak CASE=123456789 STORE=postgresql
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

from bot.lab.guard import loopback_only
from tests.soak.databases import database
from tests.soak.judging import faults_of
from tests.soak.living import live
from tests.soak.stopping import ended_with_its_workers, go_on, prepare_worker
from tests.soak.trouble import seeds, trouble


def main() -> int:
    arguments = _arguments()
    wanted = [arguments.case] if arguments.case else seeds(arguments.seed, arguments.n)
    results = Path(f".soak-{arguments.store}-{arguments.seed}.jsonl")
    known = {} if arguments.case else {it["seed"]: it for it in _read(results)}
    left = [it for it in wanted if it not in known]
    with (
        loopback_only(),
        ProcessPoolExecutor(arguments.jobs, initializer=prepare_worker) as pool,
        ended_with_its_workers(pool),
    ):
        running = [pool.submit(partial(_try, arguments.store), it) for it in left]
        for number, each in enumerate(as_completed(running), start=len(known) + 1):
            found = each.result()
            known[found["seed"]] = found
            if not arguments.case:
                with results.open("a") as file:
                    file.write(json.dumps(found) + "\n")
            for fault in found["faults"]:
                print(f"{trouble(found['seed'])}: {fault}", flush=True)
            print(f"{number} of {len(wanted)}", file=sys.stderr, flush=True)
    shown = [known[it] for it in wanted]
    print("\n".join(_figures(arguments.store, shown)))
    return int(any(it["faults"] for it in shown))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--case", type=int, default=0)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--jobs", type=int, default=4)
    return parser.parse_args()


def _try(store: str, seed: int) -> dict[str, Any]:
    go_on()
    case = trouble(seed)
    try:
        with database(store) as url:
            lived = asyncio.run(live(case, url))
    except (TimeoutError, AssertionError) as error:
        return {"seed": seed, "puts": None, "faults": [f"it did not end: {error!r}"]}
    found = [*faults_of(case, lived)]
    return {"seed": seed, "puts": lived.puts, "faults": found, "card": lived.card}


def _read(results: Path) -> Iterator[dict[str, Any]]:
    if results.exists():
        yield from map(json.loads, results.read_text().splitlines())


def _figures(store: str, shown: list[dict[str, Any]]) -> Iterator[str]:
    puts = Counter(it["puts"] for it in shown)
    right = sum(not it["faults"] for it in shown)
    yield f"{len(shown)} changes with kills on {store}: {right} ended as they should"
    for count, cases in sorted(puts.items(), key=lambda it: -1 if it[0] is None else it[0]):
        yield f"  PUTs that reached Azure: {'not known' if count is None else count}: {cases} changes"


if __name__ == "__main__":
    sys.exit(main())
