"""The source as the structure tests see it: files, functions and words, and the one list of exemptions."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("places", "letters", "campaigns", "content", "residents", "delivery", "field", "evidence", "reports")
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """One function or method: where it stands and how many lines it takes, its docstring apart."""

    file: str
    name: str
    node: Definition

    @property
    def lines(self) -> int:
        """Lines from `def` to the end, the docstring not counted."""
        whole = (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1
        first = self.node.body[0]
        has_docstring = ast.get_docstring(self.node) is not None
        return whole - ((first.end_lineno or first.lineno) - first.lineno + 1 if has_docstring else 0)


@cache
def files() -> tuple[str, ...]:
    """Every file that is, or would be, in the repository; its path from the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
    else:  # an unpacked archive, which holds nothing else
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if not _is_made(path)]
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def _is_made(path: Path) -> bool:
    ignored = {line.rstrip("/") for line in text_of(".gitignore").splitlines()} | {"lantoa.egg-info"}
    return bool(ignored & set(path.relative_to(ROOT).parts))


def python_files(under: str = "lantoa/", *, with_tests: bool = False) -> list[str]:
    """Python files under a folder; those of migrations, which are generated, apart."""
    return [
        name for name in files()
        if name.startswith(under) and name.endswith(".py") and "/migrations/" not in name
        and (with_tests or "/tests/" not in name)
    ]


@cache
def text_of(name: str) -> str:
    """The file's text."""
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree_of(name: str) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(text_of(name), name)


@cache
def functions(under: str = "lantoa/") -> tuple[Function, ...]:
    """Every function and method of the product."""
    return tuple(function for name in python_files(under) for function in _within(name, tree_of(name), ""))


def _within(file: str, node: ast.AST, prefix: str) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            yield Function(file, prefix + child.name, child)
            yield from _within(file, child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _within(file, child, f"{prefix}{child.name}.")
        else:
            yield from _within(file, child, prefix)


def strings_of(name: str) -> Iterator[tuple[int, str]]:
    """Line and value of every string of a Python file that is not a docstring, and of every name it defines."""
    docstrings = {
        id(statement.value) for statement in ast.walk(tree_of(name))
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
        elif isinstance(node, Definition | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


@cache
def exemptions() -> dict[str, dict[str, str]]:
    """The one list: by rule, what is exempt and why. It only shrinks."""
    listed: dict[str, Any] = tomllib.loads(text_of("tests/structure/exemptions.toml"))
    return {rule: dict(entries) for rule, entries in listed.items()}


def breaches(rule: str, found: dict[str, str]) -> list[str]:
    """What breaks `rule` without being exempt, and exemptions that nothing needs any longer."""
    exempt = exemptions().get(rule, {})
    new = [f"{what}: {how}" for what, how in sorted(found.items()) if what not in exempt]
    spent = [f"{what}: no longer needs its exemption in exemptions.toml" for what in exempt if what not in found]
    return new + spent


def expect_none(found: list[str]) -> None:
    """Fail with one line for each thing found."""
    assert not found, "\n" + "\n".join(found)
