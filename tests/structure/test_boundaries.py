from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from functools import cache

from tests.structure.house import (
    ROOT,
    Function,
    breaches,
    expect_none,
    files,
    functions,
    python_files,
    strings_of,
    text_of,
    tree_of,
)

ADAPTERS = sorted(
    name.rsplit("/", 1)[-1].removesuffix(".py") for name in python_files("lantoa/channels/")
    if name.count("/") == 2 and name.rsplit("/", 1)[-1] not in {"__init__.py", "base.py", "registry.py", "wire.py"}
)
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|^\s*//.*?$|/\*.*?\*/", re.DOTALL | re.MULTILINE)
WRITING = {"create", "bulk_create", "update", "bulk_update", "update_or_create", "get_or_create", "delete", "save"}
CLOCKS = {"dt.datetime", "datetime", "dt.date", "date", "timezone", "time", "datetime.date", "datetime.datetime"}
FACES = ("lantoa/web/", "lantoa/api/", "lantoa/cli/")


def test_a_room_imports_only_the_rooms_above_it() -> None:
    check = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    ran = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_channels_and_leaves_import_no_room_and_no_django() -> None:
    strangers = [
        f"{name}: imports {module}"
        for folder in ("lantoa/channels/", "lantoa/lib/", "lantoa/simulators/") for name in python_files(folder)
        for module in imports_of(name)
        if module.split(".")[0] == "django"
        or (module.startswith("lantoa.") and not module.startswith(("lantoa.lib", "lantoa.channels", own_of(folder))))
    ]
    expect_none(strangers)


def own_of(folder: str) -> str:
    """A folder as a module, so that what lies in it may import each other."""
    return folder.rstrip("/").replace("/", ".")


def test_rules_know_no_django_no_clock_and_no_disk_setting() -> None:
    impure = []
    for name in python_files():
        if "/rules/" in name or name.endswith("/rules.py"):
            impure += [f"{name}: imports {module}" for module in imports_of(name) if module.split(".")[0] == "django"]
            impure += [f"{name}:{line}: asks the clock" for line in clock_calls(name)]
    expect_none(impure)


def test_no_adapter_is_named_outside_its_own_file_and_the_settings() -> None:
    named = {}
    for name in python_files():
        own = name.removeprefix("lantoa/channels/").removesuffix(".py")
        if name == "lantoa/project/settings.py" or own in ADAPTERS:
            continue
        known = {f"lantoa.channels.{adapter}" for adapter in ADAPTERS} & imports_of(name)
        named_here = [value for line, value in strings_of(name) if f'"{value}"' in line_of(name, line)]
        known |= set(ADAPTERS) & set(named_here)
        if known:
            named[name] = f"knows {', '.join(sorted(known))}; name an adapter in the settings"
    expect_none(breaches("names_an_adapter", named))


def test_the_house_names_no_campaign() -> None:
    """All that is about one campaign lies in its pack; the words are read from the packs themselves."""
    words: set[str] = set()
    for name in files():
        if re.fullmatch(r"lantoa/packs/[^/]+/pack\.toml", name):
            words |= {name.split("/")[2], *tomllib.loads(text_of(name))["topic_words"]}
    assert words
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    named = {}
    for name in python_files():
        said = [(line, match[0]) for line, text in strings_of(name) if (match := pattern.search(text))]
        if said:
            named[name] = "; ".join(f"line {line} says {words!r}" for line, words in said)
    for name in files():
        if name.startswith("lantoa/") and name.endswith((".html", ".typ", ".js", ".css")) and "vendor/" not in name:
            text = COMMENT.sub("", text_of(name))
            if match := pattern.search(text):
                named[name] = f"says {match[0]!r}"
    expect_none(breaches("names_a_campaign", named))


def test_faces_change_nothing_themselves() -> None:
    """A page, the API or a command calls an action; it never writes a row or says what happened."""
    found = {}
    for function in functions():
        if not function.file.startswith(FACES):
            continue
        for node in ast.walk(function.node):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
                chain = ast.unparse(node.func)
                if ".objects." in chain:
                    found[f"{function.file}::{function.name}"] = f"writes with {chain}"
    expect_none(breaches("face_that_writes", found))


def test_every_action_can_be_asked_first_whether_it_may() -> None:
    """An action that takes the person (`by`) is refused in `check_x`, or calls `require` itself."""
    names = {function.name for function in functions()}
    unguarded = {
        f"{action.file}::{action.name}": "neither checks nor has a check" for action in actions()
        if f"check_{action.name}" not in names and "require" not in calls_of(action)
    }
    expect_none(breaches("unguarded_action", unguarded))


def test_every_action_says_what_it_did() -> None:
    """Directly or through what it calls beside it, an action reaches `record`: the history misses nothing."""
    unsaid = {}
    folders: dict[str, dict[str, Function]] = defaultdict(dict)
    for one in functions():
        folders[one.file.rsplit("/", 1)[0]][one.name] = one
    for action in actions():
        reached, edge = set[str](), set(calls_of(action))
        beside = folders[action.file.rsplit("/", 1)[0]]
        while edge:
            reached |= edge
            edge = {call for name in edge if name in beside for call in calls_of(beside[name])} - reached
        if "record" not in reached:
            unsaid[f"{action.file}::{action.name}"] = "never calls record(Event(…))"
    expect_none(breaches("action_without_event", unsaid))


def actions() -> list[Function]:
    """The verbs of the rooms: public functions of `actions` that take the person."""
    found = []
    for function in functions():
        arguments = (*function.node.args.args, *function.node.args.kwonlyargs)
        is_verb = re.match(r"lantoa/\w+/actions(\.py|/)", function.file) and re.fullmatch(r"[a-z]\w*", function.name)
        if is_verb and not function.name.startswith("check_") and "by" in {one.arg for one in arguments}:
            found.append(function)
    return found


@cache
def calls_of(function: Function) -> frozenset[str]:
    """Names of what a function calls, methods by their last name."""
    called = [node.func for node in ast.walk(function.node) if isinstance(node, ast.Call)]
    named = [call.id for call in called if isinstance(call, ast.Name)]
    return frozenset((*named, *(call.attr for call in called if isinstance(call, ast.Attribute))))


def imports_of(name: str) -> set[str]:
    """Modules a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module}
    return found


def line_of(name: str, line: int) -> str:
    """One line of a file."""
    return text_of(name).splitlines()[line - 1]


def clock_calls(name: str) -> list[int]:
    """Lines that ask what time it is."""
    asking = {"now", "today", "utcnow", "localdate", "time_ns", "monotonic"}
    return [
        node.lineno for node in ast.walk(tree_of(name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in asking
        and ast.unparse(node.func.value) in CLOCKS
    ]
