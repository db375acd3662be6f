from __future__ import annotations

import re
import statistics

from tests.structure.house import ROOMS, breaches, exemptions, expect_none, files, functions, python_files, text_of

MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 80
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "services", "service", "misc"}
USUAL = {
    "__init__.py", "apps.py", "migrations", "tests",
    "models.py", "models", "rules.py", "rules", "actions.py", "actions",
}
WRITTEN_BY_HAND = (".py", ".html", ".txt", ".typ", ".js", ".css", ".sh")


def test_no_file_is_longer_than_500_lines() -> None:
    long = {}
    for name in files():
        is_ours = name.endswith(WRITTEN_BY_HAND) and "vendor/" not in name and "/migrations/" not in name
        if is_ours and not name.startswith("examples/") and "/tests/" not in name:
            lines = text_of(name).count("\n")
            if lines > MOST_LINES_OF_A_FILE:
                long[name] = f"{lines} lines, at most {MOST_LINES_OF_A_FILE}: split it by subject"
    expect_none(breaches("too_long_file", long))


def test_no_function_is_longer_than_80_lines() -> None:
    long = {
        f"{function.file}::{function.name}": f"{function.lines} lines, at most {MOST_LINES_OF_A_FUNCTION}"
        for function in functions() if function.lines > MOST_LINES_OF_A_FUNCTION
    }
    expect_none(breaches("too_long_function", long))


def test_half_of_all_functions_have_ten_lines_or_fewer_and_nineteen_of_twenty_at_most_45() -> None:
    lengths = sorted(function.lines for function in functions())
    assert statistics.median(lengths) <= 10
    assert lengths[len(lengths) * 95 // 100] <= 45


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [name for name in python_files("") if VAGUE & set(re.split(r"[/.]", name))]
    expect_none(vague)


def test_a_room_holds_models_rules_and_actions_and_nothing_else() -> None:
    rooms = tuple(f"lantoa/{room}/" for room in ROOMS)
    parts = {"/".join(name.split("/")[:3]) for name in files() if name.startswith(rooms)}
    others = {part: "neither models, rules nor actions" for part in parts if part.rsplit("/", 1)[-1] not in USUAL}
    expect_none(breaches("room_part", others))


def test_packs_hold_data_only() -> None:
    data = (".toml", ".md", ".csv", ".json", ".svg", ".png", ".txt")
    code = [name for name in files() if name.startswith("lantoa/packs/") and not name.endswith(data)]
    expect_none(code)


def test_every_exception_from_the_checkers_says_why() -> None:
    silent = []
    for name in [*python_files("", with_tests=True)]:
        for number, line in enumerate(text_of(name).splitlines(), 1):
            noqa = re.search(r"#\s*noqa\b(?P<rest>.*)", line)
            ignore = re.search(r"#\s*type:\s*ignore\b(?P<rest>.*)", line)
            # Of a line's two, one reason is enough; mypy takes a reason only behind a second `#`.
            has_reason = (noqa and re.match(r": [A-Z]+\d+(, ?[A-Z]+\d+)* - \S", noqa["rest"])) or (
                ignore and re.match(r"\[[a-z, -]+\]\s+# \S", ignore["rest"])
            )
            if (noqa or ignore) and not has_reason and "re.search" not in line:
                silent.append(f"{name}:{number}: {line.strip()}")
    expect_none(silent)


def test_every_exemption_has_a_reason() -> None:
    expect_none([what for entries in exemptions().values() for what, why in entries.items() if len(why) < 10])
