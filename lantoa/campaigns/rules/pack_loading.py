"""Packs from disk: read, checked to the last reference, and chosen by a letter's subject.

Everything wrong with a pack is said here, once, when it is loaded: the person who wrote the pack reads the
file and the entry in Vietnamese, and no fault waits for the day of publication.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from lantoa.campaigns.rules import pack_checks
from lantoa.campaigns.rules.pack import (
    Pack,
    PackError,
    PackFact,
    PackLanguage,
    PackMessage,
    PackPhase,
    PackPiece,
    PackRule,
    PackSentence,
)
from lantoa.campaigns.rules.values import check_value
from lantoa.campaigns.rules.wording import BUILT_INS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Made = TypeVar("Made")
FileStates: TypeAlias = tuple[tuple[str, int, int, int], ...]

_PACK_KEYS: Final = {"title", "topic_words", "key_fact", "tokens", "funnel", "phase", "piece", "rule"}
_FACT_KEYS: Final = {"kind", "label", "unit", "version"}
_VERSION_KEYS: Final = {"value", "known_on", "source", "legal_basis", "verified", "note", "reason"}
_NAMES: Final = {"message": ("text", "title"), "question": ("answer", "question")}
"""What the text and the title of an entry are called in its file."""
_PIECE_KEYS: Final = {"kind", "audience", "about", "slots", "sentences", "for"}
_LANGUAGE_KEYS: Final = {"name", "source", "note", "value", "labels", "message", "question"}
_FALSE_KEYS: Final = ("key", "pattern", "example", "why", "right")
_FUNNEL_KEYS: Final = ("key", "label", "meaning")


def find_packs(root: Path) -> dict[str, Path]:
    """Folders under `root` that hold a `pack.toml`, by name; the name of a pack is that of its folder."""
    return {found.parent.name: found.parent for found in sorted(root.glob("*/pack.toml"))}


def choose_pack(subject: str, packs: Mapping[str, Path]) -> str | None:
    """Choose the pack a letter's subject speaks of, by its topic words; None when none or two fit equally well.

    Reads only `pack.toml`. Case, tones and line breaks do not count. Raises `PackError` for an unreadable pack.
    """
    scores: dict[str, int] = {}
    for name, folder in packs.items():
        words = [str(word) for word in _table(folder, "pack.toml").get("topic_words", [])]
        scores[name] = sum(len(word) for word in words if _speaks_of(subject, word))
    best = max(scores.values(), default=0)
    chosen = [name for name, score in scores.items() if score == best and best]
    return chosen[0] if len(chosen) == 1 else None


def load_pack(folder: Path) -> Pack:
    """Read and check the pack in `folder`; as long as no file of it has changed, the pack read before is given.

    Raises `PackError`, a Vietnamese sentence naming the file and the entry, for the first fault found.
    """
    return _load_pack(folder, _state_of(folder))


def _state_of(folder: Path) -> FileStates:
    """What tells whether a file was written since: an editor saves in place or puts a new file under the old name."""
    files = [(path.name, path.stat()) for path in sorted(folder.glob("**/*.toml"))]
    return tuple((name, found.st_mtime_ns, found.st_size, found.st_ino) for name, found in files)


@lru_cache(maxsize=32)
def _load_pack(folder: Path, _state: FileStates) -> Pack:
    head = _table(folder, "pack.toml")
    _known_only("pack.toml", "đầu tệp", head, _PACK_KEYS)
    messages = tuple(_messages("messages.toml", _table(folder, "messages.toml"), "message"))
    questions = tuple(_messages("questions.toml", _table(folder, "questions.toml", needed=False), "question"))
    translations = [(path, _table(path.parent, path.name)) for path in sorted(folder.glob("languages/*.toml"))]
    pack = Pack(
        name=folder.name,
        title=_text("pack.toml", "đầu tệp", head, "title"),
        topic_words=_texts("pack.toml", "đầu tệp", head, "topic_words"),
        facts=tuple(_facts(_table(folder, "facts.toml"))),
        messages=messages + tuple(_translated(translations, messages, "message")),
        questions=questions + tuple(_translated(translations, questions, "question")),
        pieces=tuple(_pieces(head)),
        false_statements=_rows("false_statements.toml", _table(folder, "false_statements.toml", needed=False),
                               "statement", _FALSE_KEYS),
        funnel=_rows("pack.toml", head, "funnel", _FUNNEL_KEYS),
        devices=_table(folder, "devices.toml", needed=False),
        key_fact=_text("pack.toml", "đầu tệp", head, "key_fact"),
        tokens=_texts("pack.toml", "đầu tệp", head, "tokens", needed=False),
        phases=tuple(_phases(head)),
        languages=tuple(_language(path, table) for path, table in translations),
        rules=tuple(_rules(head)),
    )
    pack_checks.check_pack(pack)
    return pack


# --- one file each -------------------------------------------------------------------------------


def _facts(table: Mapping[str, Any]) -> Iterator[PackFact]:
    for key, entry in table.items():
        file, where = "facts.toml", f"mục «{key}»"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or key in BUILT_INS:
            raise PackError(f"{file}, {where}: tên chỉ gồm chữ thường không dấu, số và «_», khác các từ có sẵn.")
        _known_only(file, where, entry, _FACT_KEYS)
        versions = [_fact(key, entry, version) for version in _list(file, where, entry, "version")]
        if not versions:
            raise PackError(f"{file}, {where}: chưa có «[[{key}.version]]» nào.")
        if any(later.known_on <= earlier.known_on for earlier, later in pairwise(versions)):
            raise PackError(f"{file}, {where}: các phiên bản phải xếp theo «known_on» tăng dần, không trùng ngày.")
        yield from versions


def _fact(key: str, entry: Mapping[str, Any], version: Mapping[str, Any]) -> PackFact:
    file, where = "facts.toml", f"mục «{key}»"
    _known_only(file, where, version, _VERSION_KEYS)
    known_on = version.get("known_on")
    if not isinstance(known_on, dt.date) or isinstance(known_on, dt.datetime):
        raise PackError(f"{file}, {where}: thiếu «known_on» (ngày biết giá trị này), ví dụ known_on = 2024-07-05.")
    kind = _text(file, where, entry, "kind")
    return PackFact(
        key=key, kind=kind, value=_value(where, kind, version.get("value")),
        label=_text(file, where, entry, "label"), known_on=known_on, source=_text(file, where, version, "source"),
        legal_basis=_text(file, where, version, "legal_basis", needed=False),
        unit=_text(file, where, entry, "unit", needed=False), verified=_flag(file, where, version, "verified"),
        note=_text(file, where, version, "note", needed=False),
        reason=_text(file, where, version, "reason", needed=False),
    )


def _value(where: str, kind: str, value: object) -> str | None:
    if value is None:
        return None
    why = check_value(kind, str(value))
    if why:
        raise PackError(f"facts.toml, {where}: «{value}»: {why}.")
    return _nfc(str(value))


def _messages(file: str, table: Mapping[str, Any], kind: str) -> Iterator[PackMessage]:
    text, title = _NAMES[kind]
    for key, entry in table.items():
        where = f"mục «{key}»"
        _known_only(file, where, entry, {text, title, "short", "long", "optional", "for"})
        yield PackMessage(
            key, _text(file, where, entry, text), _text(file, where, entry, title, needed=kind == "question"),
            optional=_flag(file, where, entry, "optional"),
            short=_text(file, where, entry, "short", needed=False),
            long=_text(file, where, entry, "long", needed=False),
            readers=_texts(file, where, entry, "for", needed=False),
        )


def _pieces(head: Mapping[str, Any]) -> Iterator[PackPiece]:
    for entry in _list("pack.toml", "đầu tệp", head, "piece"):
        kind = _text("pack.toml", "một mục [[piece]]", entry, "kind")
        where = f"sản phẩm «{kind}»"
        _known_only("pack.toml", where, entry, _PIECE_KEYS)
        slots = {slot: _texts("pack.toml", where, entry["slots"], slot) for slot in entry.get("slots", {})}
        sentences = tuple(_sentence(where, row) for row in _list("pack.toml", where, entry, "sentences"))
        if sentences:
            slots["text"] = tuple(sentence.message for sentence in sentences)
        yield PackPiece(
            kind, slots, _text("pack.toml", where, entry, "audience"),
            _text("pack.toml", where, entry, "about", needed=False), sentences,
            _texts("pack.toml", where, entry, "for", needed=False),
        )


def _sentence(where: str, row: Mapping[str, Any]) -> PackSentence:
    _known_only("pack.toml", where, row, {"message", "priority", "key"})
    priority = row.get("priority")
    if priority not in {1, 2, 3}:
        raise PackError(f"pack.toml, {where}: «priority» của câu là 1, 2 hoặc 3.")
    return PackSentence(_text("pack.toml", where, row, "message"), priority, _flag("pack.toml", where, row, "key"))


def _phases(head: Mapping[str, Any]) -> Iterator[PackPhase]:
    says: dict[str, dict[str, str]] = {}
    for entry in _list("pack.toml", "đầu tệp", head, "phase"):
        key = _text("pack.toml", "một mục [[phase]]", entry, "key")
        where = f"giai đoạn «{key}»"
        _known_only("pack.toml", where, entry, {field.name for field in fields(PackPhase)} | {"says_like"})
        like = _text("pack.toml", where, entry, "says_like", needed=False)
        if like and like not in says:
            raise PackError(f"pack.toml, {where}: «says_like» phải là tên một giai đoạn đứng trước, không có «{like}».")
        says[key] = says.get(like, {}) | _strings("pack.toml", where, entry, "says")
        yield PackPhase(
            key, _text("pack.toml", where, entry, "label"), _whole(where, entry, "first_day"),
            _text("pack.toml", where, entry, "aim"),
            _whole(where, entry, "last_day") if "last_day" in entry else None,
            _texts("pack.toml", where, entry, "pieces", needed=False),
            says[key],
            _text("pack.toml", where, entry, "counts_from", needed=False),
        )


def _rules(head: Mapping[str, Any]) -> Iterator[PackRule]:
    for entry in _list("pack.toml", "đầu tệp", head, "rule"):
        piece = _text("pack.toml", "một mục [[rule]]", entry, "piece")
        where = f"quy tắc cho «{piece}»"
        _known_only("pack.toml", where, entry, {field.name for field in fields(PackRule)})
        yield PackRule(
            piece, _text("pack.toml", where, entry, "why"),
            _texts("pack.toml", where, entry, "must_say", needed=False),
            _texts("pack.toml", where, entry, "must_not_say", needed=False),
            _whole(where, entry, "longest") if "longest" in entry else 0,
        )


# --- the other languages -------------------------------------------------------------------------


def _language(path: Path, table: Mapping[str, Any]) -> PackLanguage:
    file = f"languages/{path.name}"
    if not re.fullmatch(r"[a-z]{2,3}", path.stem) or path.stem == "vi":
        raise PackError(f"{file}: tên tệp là mã ISO 639 của một thứ tiếng khác tiếng Việt, ví dụ en.toml, hmn.toml.")
    _known_only(file, "đầu tệp", table, _LANGUAGE_KEYS)
    rows = _rows(file, table, "value", ("fact", "of", "text"))
    return PackLanguage(
        path.stem, _text(file, "đầu tệp", table, "name"), _text(file, "đầu tệp", table, "source"),
        _text(file, "đầu tệp", table, "note"), {(row["fact"], row["of"]): row["text"] for row in rows},
        _strings(file, "đầu tệp", table, "labels"),
    )


def _translated(
    translations: list[tuple[Path, dict[str, Any]]], messages: tuple[PackMessage, ...], kind: str,
) -> Iterator[PackMessage]:
    """The entries of the language files; whom they concern and whether they may wait is said once, in Vietnamese."""
    known = {message.key: message for message in messages}
    for path, table in translations:
        file, entries = f"languages/{path.name}", table.get(kind, {})
        _known_only(file, f"các mục [{kind}.…]", entries, set(known))
        for message in _messages(file, entries, kind):
            own = known[message.key]
            yield replace(message, language=path.stem, optional=own.optional, readers=own.readers)


def _rows(
    file: str, table: Mapping[str, Any], name: str, keys: tuple[str, ...],
) -> tuple[Mapping[str, str], ...]:
    made: list[Mapping[str, str]] = []
    for number, entry in enumerate(_list(file, "đầu tệp", table, name), start=1):
        where = f"mục [[{name}]] thứ {number}"
        _known_only(file, where, entry, set(keys))
        made.append({key: _text(file, where, entry, key) for key in keys})
    return tuple(made)


# --- values of a TOML table, or a sentence saying what is wrong ----------------------------------


def _table(folder: Path, name: str, *, needed: bool = True) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        if not needed:
            return {}
        raise PackError(f"Gói «{folder.name}» thiếu tệp {name}.")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise PackError(f"{name}: không đọc được TOML ({fault}); xem lại dấu ngoặc kép và dấu bằng.") from fault


def _text(file: str, where: str, entry: Mapping[str, Any], key: str, *, needed: bool = True) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise PackError(f"{file}, {where}: «{key}» phải là chữ trong dấu ngoặc kép.")
    if needed and not value.strip():
        raise PackError(f"{file}, {where}: thiếu «{key}».")
    return _nfc(value.strip())


def _texts(
    file: str, where: str, entry: Mapping[str, Any], key: str, *, needed: bool = True,
) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise PackError(f'{file}, {where}: «{key}» phải là danh sách chữ, ví dụ {key} = ["…"].')
    if needed and not value:
        raise PackError(f"{file}, {where}: «{key}» đang trống.")
    return tuple(_nfc(one) for one in value)


def _list(file: str, where: str, entry: object, key: str) -> list[Mapping[str, Any]]:
    value = entry.get(key, []) if isinstance(entry, dict) else None
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise PackError(f"{file}, {where}: «{key}» phải là các mục [[{key}]].")
    return value


def _strings(file: str, where: str, entry: Mapping[str, Any], key: str) -> dict[str, str]:
    value = entry.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(one, str) and one.strip() for one in value.values()):
        raise PackError(f'{file}, {where}: «{key}» phải là các cặp chữ, ví dụ {key} = {{ a = "b" }}.')
    return {name: _nfc(text.strip()) for name, text in value.items()}


def _flag(file: str, where: str, entry: Mapping[str, Any], key: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise PackError(f"{file}, {where}: «{key}» là true hoặc false.")
    return value


def _whole(where: str, entry: Mapping[str, Any], key: str) -> int:
    value = entry.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise PackError(f"pack.toml, {where}: «{key}» phải là số ngày, ví dụ -30.")
    return value


def _known_only(file: str, where: str, entry: object, known: set[str]) -> None:
    """Refuse a misspelt key: it would be silently lost."""
    if not isinstance(entry, dict):
        raise PackError(f"{file}, {where}: phải là một mục có các dòng «tên = giá trị».")
    for key in entry:
        if key not in known:
            raise PackError(f"{file}, {where}: không có dòng nào tên «{key}»; {_usable(key, known)}.")


def _usable(key: str, known: set[str]) -> str:
    """What may be written instead: the likeliest when there are many."""
    near = get_close_matches(key, known, 3, 0.4) if len(known) > 20 else sorted(known)
    return f"chỉ dùng {', '.join(near)}" if near else "hãy xem tệp tiếng Việt tương ứng"


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _speaks_of(subject: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_fold(word))}(?!\w)", _fold(subject)) is not None


def _fold(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return " ".join(bare.replace("đ", "d").replace("Đ", "D").casefold().split())
