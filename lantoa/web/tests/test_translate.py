"""Every Vietnamese string on a page has its English, and every English one is still used."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import lantoa
from lantoa.channels.base import STATE_LABELS
from lantoa.content.rules.kinds import CHANNEL_KIND_LABELS, KINDS, WIRE_LABELS
from lantoa.reports.rules import QUERIES
from lantoa.web.rules import reading

HOME = Path(lantoa.__file__).parent
CATALOG = HOME / "web" / "locale" / "en" / "LC_MESSAGES" / "django.mo"
TAG = re.compile(r"""{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?)(?:{%\s*plural\s*%}|{%\s*endblocktranslate)", re.DOTALL)
UNDERSCORE = re.compile(r"""\|default:_\("([^"]+)"\)""")


def _said() -> set[str]:
    said: set[str] = set()
    for template in (HOME / "web" / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        said |= {one or other for one, other in TAG.findall(text)} | set(UNDERSCORE.findall(text))
        said |= {re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", block) for block in BLOCK.findall(text)}
    for module in HOME.glob("web/**/*.py"):
        if "tests" not in module.parts:
            said |= _called(module)
    said |= {label for _name, label in (*reading.SINGLE, *reading.LISTED, *reading.OF_TASK, *reading.OF_CITED)}
    said |= {kind.label for kind in KINDS.values()} | set(CHANNEL_KIND_LABELS.values()) | set(STATE_LABELS.values())
    return said | set(WIRE_LABELS.values()) | {query.label for query in QUERIES}


def _called(module: Path) -> set[str]:
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "gettext", "gettext_lazy"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _compiled() -> dict[str | tuple[str, int], str]:
    with CATALOG.open("rb") as file:
        catalog = gettext.GNUTranslations(file)
    found: dict[str | tuple[str, int], str] = catalog._catalog  # type: ignore[attr-defined]  # all of it, not one by one
    return found


def test_everything_said_has_its_english() -> None:
    known = {key[0] if isinstance(key, tuple) else key for key in _compiled()}
    assert _said() - known == set()


def test_the_compiled_catalog_is_that_of_the_source() -> None:
    source = CATALOG.with_suffix(".po").read_text(encoding="utf-8")
    written = set(re.findall(r'^msgstr(?:\[0\])? "(.+)"$', source, re.MULTILINE))
    compiled = {str(value).replace('"', '\\"') for value in _compiled().values() if value}
    assert written - compiled == set()
