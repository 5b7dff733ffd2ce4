"""Commands to copy: right as they stand, and one line whatever a name holds."""

import re
import shlex
import subprocess
from dataclasses import replace

from hypothesis import given
from hypothesis import settings as unhurried
from hypothesis import strategies as st

from bot.core.analysis import commands
from bot.core.model.observation import Attempt
from tests.core.make import case, document, settings


def test_openssl_with_and_without_sni() -> None:
    plain = commands.openssl(Attempt("10.1.5.11", 443, True, None, "h", "/"))
    assert plain.startswith(
        "openssl s_client -connect 10.1.5.11:443 -noservername -showcerts </dev/null"
    )
    named = commands.openssl(Attempt("10.1.5.11", 443, True, "a.example", "h", "/"))
    assert "-servername a.example" in named
    assert "[fd00::1]:443" in commands.openssl(Attempt("fd00::1", 443, True, None, "h", "/"))


def test_saving_a_certificate_asks_with_the_same_sni() -> None:
    named = commands.save(Attempt("10.1.5.11", 443, True, "a.example", "h", "/"))
    assert named.endswith(
        "-servername a.example </dev/null 2>/dev/null | openssl x509 -out ilb.cer"
    )


def test_two_hellos_differ_in_nothing_but_what_makes_one_long() -> None:
    attempt = Attempt("10.1.5.11", 443, True, "a.example", "h", None)
    small = commands.shake_hands(attempt)
    assert small == (
        "openssl s_client -connect 10.1.5.11:443 -servername a.example -groups P-256"
        " </dev/null 2>/dev/null | grep 'Cipher is'"
    )
    large = commands.shake_hands(replace(attempt, hello="full"))
    assert (
        large.replace(" -alpn $(yes http/1.1 | head -n 140 | paste -sd, -)", "") == small != large
    )
    assert " -noservername " in commands.shake_hands(replace(attempt, sni=None))


def test_showing_the_chain_keeps_the_lines_with_the_names() -> None:
    """The lines are as OpenSSL 3.0 prints them."""
    bare = commands.show_chain(Attempt("10.1.5.11", 443, True, None, "h", "/"))
    assert "-noservername -showcerts" in bare
    pattern = shlex.split(bare)[-1]
    printed = [
        " 0 s:CN = a.example",
        "   i:CN = issuing",
        "   a:PKEY: RSA",
        "-----BEGIN CERTIFICATE-----",
    ]
    assert [line for line in printed if re.search(pattern, line)] == printed[:2]
    named = commands.show_chain(Attempt("10.1.5.11", 443, True, "a.example", "h", "/"))
    assert "-servername a.example" in named


def test_a_record_is_of_the_kind_of_its_address() -> None:
    assert "record-set a add-record" in commands.add_record("contoso.com", "shop", "10.1.5.11")
    assert "record-set aaaa add-record" in commands.add_record("contoso.com", "shop", "fd00::1")


def test_curl_makes_the_same_request() -> None:
    named = commands.curl(Attempt("10.1.5.11", 443, True, "a.example", "a.example", "/up"))
    assert named == (
        "curl -sk -o /dev/null -w '%{http_code}\\n' --connect-to a.example:443:10.1.5.11:443"
        " https://a.example:443/up"
    )
    plain = commands.curl(Attempt("10.1.5.11", 443, True, None, "a.example", None))
    assert plain.endswith("-H 'Host: a.example' https://10.1.5.11:443/")
    assert "http://10.1.5.11:80/" in commands.curl(Attempt("10.1.5.11", 80, False, None, "h", "/"))


def test_az_names_the_group_the_gateway_and_the_part() -> None:
    made = case()
    backend = made.backends[0]
    where = "-g rg-test --subscription s1"
    assert commands.show_probe(made.gateway, backend) == (
        f"az network application-gateway probe show {where} --gateway-name agw -n probe"
    )
    assert commands.show_health(made.gateway).endswith(f"-o json {where} -n agw")
    bare = case(document(backendHttpSettingsCollection=[settings(probe=None)]))
    assert "http-settings show" in commands.show_probe(bare.gateway, bare.backends[0])


@unhurried(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_a_shell_reads_every_name_as_it_is(name: str) -> None:
    echo = commands.resolve(name).replace("nslookup", "printf %s", 1)
    done = subprocess.run(["bash", "-c", echo], capture_output=True, check=True)
    assert done.stdout.decode() == name


@given(st.text(min_size=1))
def test_a_hostile_name_stays_one_word_of_one_line(name: str) -> None:
    command = commands.resolve(name)
    assert command.isprintable()
    assert len(shlex.split(command)) == 2
