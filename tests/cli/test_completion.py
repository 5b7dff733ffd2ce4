"""`agw completion`: what a real shell completes with the script that it prints."""

import asyncio
from pathlib import Path

import pytest

from bot.core.remedies.options import OPTIONS
from bot.core.rules import RULES
from bot.lab.scenarios import SCENARIOS
from tests.children import ROOT
from tests.cli.conftest import Here
from tests.cli.tools import needs

# What bash does at a Tab (https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html).
_TAB = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
[[ $(complete -p agw) =~ -F\ ([^ ]+) ]]
"${BASH_REMATCH[1]}" agw "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""


async def printed(here: Here, shell: str, folder: Path) -> Path:
    ran = await here({}, "completion", shell)
    assert (ran.code, ran.err) == (0, "")
    script = folder / f"agw.{shell}"
    script.write_text(ran.out, encoding="utf-8")
    return script


async def said_by(*command: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    return out.decode().split()


async def test_bash_completes_commands_options_and_names(here: Here, tmp_path: Path) -> None:
    script = await printed(here, "bash", tmp_path)

    async def tab(*words: str) -> list[str]:
        return await said_by("bash", "--norc", "-c", _TAB, "tab", str(script), "agw", *words)

    assert await tab("di") == ["diagnose"]
    assert {"--watch", "--lab", "--format", "--verbose"} <= {*await tab("diagnose", "--")}
    assert await tab("diagnose", "--format", "") == ["text", "markdown", "github"]
    assert await tab("diagnose", "--lab", "") == [it.name for it in SCENARIOS]
    assert await tab("lab", "--scenario", "two-sites-two-f") == ["two-sites-two-faults"]
    assert await tab("explain", "") == [it.id for it in RULES]
    assert await tab("plan", "agw-test", "upload_ilb") == ["upload_ilb_certificate"]
    assert await tab("diagnose", "--config", "pyproj") == ["pyproject.toml"]
    assert await tab("completion", "") == ["bash", "zsh", "fish"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
async def test_a_script_has_every_name_and_its_shell_can_read_it(
    shell: str, here: Here, tmp_path: Path
) -> None:
    script = await printed(here, shell, tmp_path)
    text = script.read_text(encoding="utf-8")
    names = (*SCENARIOS[0].name.split(), RULES[0].id, OPTIONS[0].id, "diagnose", "watch")
    assert all(it in text for it in names)
    if shell == "bash":
        needs(shell)
        assert await said_by(shell, "-n", str(script)) == []


async def test_a_shell_that_it_does_not_know(here: Here) -> None:
    ran = await here({}, "completion", "tcsh")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert "'bash', 'zsh', 'fish'" in ran.err
