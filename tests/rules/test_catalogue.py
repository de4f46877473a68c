"""Rules are found by looking, and by name."""

from __future__ import annotations

import re

import pytest

from batten.model import BattenError
from batten.rules import all_rules, find, standards, tags, topics
from batten.rules.catalogue import rule_in


def test_rules_come_in_order() -> None:
    places = [(rule.layer, rule.id) for rule in all_rules()]
    assert places == sorted(places)
    ids = [rule.id for rule in all_rules()]
    assert {"debug-mode/flask", "secret-key/hardcoded", "cors/reflects-origin"} <= set(ids)
    assert "cors" in topics()
    assert list(topics()) == sorted(set(topics()))


def test_a_topic_is_all_of_its_rules() -> None:
    found = {rule.id for rule in find("bind-all")}
    assert found >= {"bind-all/app", "bind-all/server", "bind-all/socket"}
    assert {name.partition("/")[0] for name in found} == {"bind-all"}
    assert [rule.id for rule in find("bind-all/app")] == ["bind-all/app"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("debug-mod", "did you mean debug-mode"), ("Secret_Key/Weak", "secret-key/weak"), ("qqqq", "batten rules")],
)
def test_a_name_that_is_none_gets_a_hint(name: str, hint: str) -> None:
    with pytest.raises(BattenError, match="no rule or topic called") as raised:
        find(name)
    assert hint in raised.value.hint
    assert raised.value.code == 2


def test_a_file_without_a_rule_is_a_bug() -> None:
    with pytest.raises(LookupError, match="holds 0 rules"):
        rule_in("batten.rules.form")


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_every_rule_stands_for_something(rule: object) -> None:
    known = standards(rule)  # type: ignore[arg-type]
    assert known.owasp[:2] == ("A02:2025", "A05:2021")
    assert known.wstg
    assert known.controls
    assert all(re.fullmatch(r"v5\.0\.0-\d+\.\d+\.\d+ \(L[123]\)", str(one)) for one in known.asvs)
    assert all(re.fullmatch(r"WSTG-[A-Z]{4}-\d\d", one) for one in known.wstg)
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in known.asvs4)


# Told apart in the table: ASVS 5.0 has no requirement that comes near.
NO_REQUIREMENT = {
    "allowed-hosts/any",
    "allowed-hosts/unchecked",
    "file-permissions/loose",
    "file-permissions/world-writable",
    "footprint/comments",
    "footprint/private-paths",
    "footprint/security-txt",
    "host-header/passed-on",
    "no-effect/setting",
    "security-headers/doubled",
    "security-headers/permissions",
}


def test_asvs_is_named_where_it_has_a_requirement() -> None:
    assert {rule.id for rule in all_rules() if not standards(rule).asvs} == NO_REQUIREMENT


def test_tags_start_with_what_people_filter_by() -> None:
    (rule,) = find("debug-mode/flask")
    assert tags(rule) == (
        "A02:2025",
        "A05:2021",
        "CWE-489",
        "v5.0.0-13.4.2",
        "WSTG-CONF-02",
        "WSTG-ERRH-01",
        "C5",
    )
    assert all(len(tags(rule)) <= 10 for rule in all_rules())


def test_a_rule_brings_the_category_of_its_own_weakness() -> None:
    (rule,) = find("jwt-verify/signature-off")
    assert standards(rule).owasp == ("A02:2025", "A05:2021", "A04:2025", "A02:2021")
    assert standards(rule).cwe == (347,)
    (rule,) = find("secret-key/default")
    assert standards(rule).cwe == (1188, 321, 798)
