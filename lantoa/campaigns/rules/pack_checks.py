"""What a pack must hold to: references that exist, no typed facts, nothing false, nothing unverified for residents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lantoa.campaigns.rules.devices import read_device_rules
from lantoa.campaigns.rules.false_statements import find_false_statements, pattern_of
from lantoa.campaigns.rules.pack import (
    AUDIENCES,
    FACT_KINDS,
    FORM_LABELS,
    FORMED_LANGUAGES,
    PIECE_KINDS,
    SLOTS,
    Pack,
    PackError,
)
from lantoa.campaigns.rules.phases import said_in
from lantoa.campaigns.rules.readers import READERS
from lantoa.campaigns.rules.wording import BUILT_INS, REFERENCE, WordingError, check_reference, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lantoa.campaigns.rules.pack import PackMessage, PackPhase, PackPiece, PackRule

_ONE_ONLY: Final = ("title", "key_figure", "key_label")
_ADDRESS: Final = re.compile(r"https?://|www\.|\b(?:[\w-]+\.)+(?:vn|com|net|org|gov|info|io)\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\S*\d\S*")
_SPELLED: Final = re.compile(
    r"tháng (?:giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|chạp)\b"
    r"|ngày (?:mồng|mùng|mười|hai mươi|ba mươi)\b|năm hai (?:nghìn|ngàn)\b", re.IGNORECASE,
)
_HOLES: Final = (
    ("greeting", "{name}"), ("page", "{page}"), ("page", "{pages}"), ("qr_alt", "{url}"), ("true_on", "{date}"),
)  # fmt: skip
"""Labels with a hole that the form fills; a translation keeps it."""
# A token is a name with a digit, an emergency number or a dialling code, never a date, a year or a share.
_TOKEN: Final = re.compile(r"11[2-9]|\*#\d\d#|(?=.*[^\W\d_])(?!.*\d{3})(?!.*\d[/.,:-]\d)[\w -]+")


def check_pack(pack: Pack) -> None:
    """Raise `PackError` at the first rule the pack breaks."""
    _check_head(pack)
    _check_facts(pack)
    _check_words(pack)
    _check_says(pack)
    for piece in pack.pieces:
        _check_piece(pack, piece)
    _check_phases(pack)
    _check_languages(pack)
    for rule in pack.rules:
        _check_rule(pack, rule)
    _check_false_statements(pack)
    if pack.devices:
        read_device_rules(pack.devices)


def typed_facts(text: str, tokens: Iterable[str] = ()) -> str:
    """Find the first address, number or date in words typed into `text`; empty when all come from facts.

    References and the pack's `tokens` do not count.
    """
    return next((text[start:end] for start, end in typed_spans(text, tokens)), "")


def typed_spans(text: str, tokens: Iterable[str] = ()) -> list[tuple[int, int]]:
    """Where addresses, numbers and dates in words are typed into `text`: first the addresses, then the others."""
    rest = REFERENCE.sub(_spaces, text)
    for token in sorted(tokens, key=len, reverse=True):
        rest = re.sub(rf"(?<![\w*#]){re.escape(token)}(?![\w*#])", _spaces, rest)
    return [found.span() for pattern in (_ADDRESS, _NUMBER, _SPELLED) for found in pattern.finditer(rest)]


def _spaces(match: re.Match[str]) -> str:
    """As many spaces as there were characters, so that every offset stays."""
    return " " * len(match[0])


def _check_head(pack: Pack) -> None:
    if pack.key_fact not in {fact.key for fact in pack.facts}:
        raise PackError(f"pack.toml: «key_fact» là «{pack.key_fact}» nhưng facts.toml không có mục này.")
    for token in pack.tokens:
        if not _TOKEN.fullmatch(token):
            raise PackError(f"pack.toml: «{token}» không thể là từ có sẵn chữ số; hãy đưa vào facts.toml.")
    _once("pack.toml", "giai đoạn của phễu", [stage["key"] for stage in pack.funnel])
    _once("pack.toml", "sản phẩm", [f"{piece.kind} {piece.about}".strip() for piece in pack.pieces])
    _once("pack.toml", "giai đoạn", [phase.key for phase in pack.phases])
    _once("pack.toml", "quy tắc cho sản phẩm", [rule.piece for rule in pack.rules])


def _check_facts(pack: Pack) -> None:
    for fact in pack.facts:
        where = f"facts.toml, mục «{fact.key}»"
        if fact.kind not in FACT_KINDS:
            raise PackError(f"{where}: kiểu «{fact.kind}» không có; chỉ dùng {', '.join(FACT_KINDS)}.")
        if fact.verified and fact.value is None:
            raise PackError(f"{where}: chưa có giá trị thì không thể «verified = true».")


def _check_words(pack: Pack) -> None:
    keys = [one.key for one in (*pack.messages, *pack.questions) if one.language == "vi"]
    _once("messages.toml và questions.toml", "tên mục", keys)
    for file, message in _with_files(pack):
        where = f"{file}, mục «{message.key}»"
        _check_readers(where, message.readers)
        for text in message.texts():
            _check_text(pack, where, text, message.language)


def _check_readers(where: str, readers: tuple[str, ...]) -> None:
    for reader in readers:
        if reader not in READERS:
            known = ", ".join(READERS)
            raise PackError(f"{where}: «for» có «{reader}» không phải một kiểu người đọc; chỉ dùng {known}.")


def _check_text(pack: Pack, where: str, text: str, language: str) -> None:
    kinds = {fact.key: fact.kind for fact in pack.facts}
    try:
        for reference in references(text):
            if reference.key not in kinds and reference.key not in BUILT_INS:
                raise PackError(
                    f"{where}: «{{{reference.key}}}» không có trong facts.toml; hãy thêm dữ kiện này hoặc sửa tên."
                )
            check_reference(reference, kinds.get(reference.key), language)
    except WordingError as fault:
        raise PackError(f"{where}: {fault}.") from fault
    typed = typed_facts(text, pack.tokens)
    if typed:
        raise PackError(f"{where}: «{typed}» được gõ thẳng vào lời văn; hãy đưa vào facts.toml rồi tham chiếu.")


def _with_files(pack: Pack) -> Iterator[tuple[str, PackMessage]]:
    for file, messages in (("messages.toml", pack.messages), ("questions.toml", pack.questions)):
        for message in messages:
            yield file if message.language == "vi" else f"languages/{message.language}.toml", message


def _check_piece(pack: Pack, piece: PackPiece) -> None:
    where = f"pack.toml, sản phẩm «{piece.kind}»"
    _check_readers(where, piece.readers)
    if piece.kind not in PIECE_KINDS:
        raise PackError(f"{where}: không có loại này; chỉ dùng {', '.join(PIECE_KINDS)}.")
    if piece.audience not in AUDIENCES:
        raise PackError(f"{where}: «audience» là {', '.join(AUDIENCES)}.")
    if piece.about and piece.about not in {fact.key for fact in pack.facts}:
        raise PackError(f"{where}: «about» là «{piece.about}» nhưng facts.toml không có mục này.")
    _check_slots(where, pack, piece)
    if piece.kind == "bulletin" and sum(sentence.key for sentence in piece.sentences) != 1:
        raise PackError(f"{where}: phải có đúng một câu chính («key = true»).")


def _check_slots(where: str, pack: Pack, piece: PackPiece) -> None:
    words = pack.words()
    for slot, keys in piece.slots.items():
        if slot not in SLOTS:
            raise PackError(f"{where}: không có chỗ «{slot}»; chỉ dùng {', '.join(SLOTS)}.")
        if slot in _ONE_ONLY and len(keys) != 1:
            raise PackError(f"{where}: chỗ «{slot}» chỉ nhận một nội dung.")
        lost = [key for key in keys if key not in words]
        if lost:
            raise PackError(f"{where}: nội dung «{lost[0]}» không có trong messages.toml hay questions.toml.")
        for told in {told for key in keys for told in (key, *(phase.says.get(key, key) for phase in pack.phases))}:
            _check_confirmed(where, pack, piece, words[told])


def _check_confirmed(where: str, pack: Pack, piece: PackPiece, message: PackMessage) -> None:
    """Let a resident-facing piece wait for an unverified fact only in a message that can be left out."""
    if piece.audience != "residents" or message.optional:
        return
    unconfirmed = {fact.key for fact in pack.facts if not fact.verified}
    for reference in (reference for text in message.texts() for reference in references(text)):
        if reference.key in unconfirmed:
            raise PackError(
                f"{where}: nội dung «{message.key}» cần «{reference.key}» chưa được kiểm chứng; "
                "hãy kiểm chứng, hoặc đánh dấu nội dung «optional = true».",
            )


def _check_phases(pack: Pack) -> None:
    kinds, before = {piece.kind for piece in pack.pieces}, None
    for phase in pack.phases:
        where = f"pack.toml, giai đoạn «{phase.key}»"
        _check_days(pack, where, phase, before)
        before = phase
        for kind in phase.pieces:
            if kind not in kinds:
                raise PackError(f"{where}: gói không có sản phẩm «{kind}»; hãy thêm [[piece]] này hoặc bỏ tên nó.")


def _check_says(pack: Pack) -> None:
    words = pack.words()
    for phase in pack.phases:
        for key in (*phase.says, *phase.says.values()):
            if key not in words:
                raise PackError(
                    f"pack.toml, giai đoạn «{phase.key}»: «says» nhắc «{key}» không có trong messages.toml "
                    "hay questions.toml; hãy viết mục này hoặc sửa tên."
                )


def _check_days(pack: Pack, where: str, phase: PackPhase, before: PackPhase | None) -> None:
    kinds = {fact.key: fact.kind for fact in pack.facts}
    if kinds.get(phase.counts_from or pack.key_fact) not in {"date", "month"}:
        raise PackError(f"{where}: phải đếm từ một dữ kiện kiểu date hoặc month; hãy đặt «counts_from».")
    if phase.last_day is not None and phase.last_day < phase.first_day:
        raise PackError(f"{where}: «last_day» đứng trước «first_day».")
    if before is None or before.counts_from != phase.counts_from:
        return
    expected = before.first_day if before.last_day is None else before.last_day + 1
    if phase.first_day <= before.first_day or (before.last_day is not None and phase.first_day != expected):
        raise PackError(f"{where}: phải bắt đầu từ ngày {expected}, ngay sau giai đoạn trước.")


def _check_languages(pack: Pack) -> None:
    facts = {fact.key: fact.kind for fact in pack.facts}
    for language in pack.languages:
        file = f"languages/{language.code}.toml"
        for key, value in language.values:
            if facts.get(key) != "text":
                raise PackError(f"{file}, mục [[value]]: «{key}» không phải dữ kiện kiểu text trong facts.toml.")
            if value not in {fact.value for fact in pack.facts if fact.key == key}:
                raise PackError(f"{file}, mục [[value]] «{key}»: «of» phải chép đúng một giá trị trong facts.toml.")
        missing = sorted(set(FORM_LABELS) - set(language.labels))
        if language.code not in FORMED_LANGUAGES and missing:
            raise PackError(f"{file}: phần [labels] thiếu {', '.join(missing)}; hãy dịch cả những chữ này.")
        for label, hole in _HOLES:
            if hole not in language.labels.get(label, hole):
                raise PackError(f"{file}, [labels]: «{label}» phải giữ nguyên chỗ «{hole}».")


def _check_rule(pack: Pack, rule: PackRule) -> None:
    where = f"pack.toml, quy tắc cho «{rule.piece}»"
    pieces = [piece for piece in pack.pieces if piece.kind == rule.piece]
    if not pieces:
        raise PackError(f"{where}: gói không có sản phẩm này; hãy thêm [[piece]] hoặc bỏ quy tắc.")
    known = {fact.key for fact in pack.facts} | set(BUILT_INS)
    for key in (*rule.must_say, *rule.must_not_say):
        if key not in known:
            raise PackError(f"{where}: «{key}» không có trong facts.toml và cũng không phải từ có sẵn.")
    for piece in pieces:
        for language in ("vi", *(language.code for language in pack.languages)):
            for phase in (None, *pack.phases):
                _check_said(where, rule, piece, said_in(phase, pack.words(language)))


def _check_said(where: str, rule: PackRule, piece: PackPiece, words: dict[str, PackMessage]) -> None:
    for breach in breaches_of(rule, piece, words):
        raise PackError(f"{where}: {breach}.")


def breaches_of(rule: PackRule, piece: PackPiece, words: Mapping[str, PackMessage]) -> Iterator[str]:
    """Where the piece, in these words, does not hold to its rule at some length; in Vietnamese."""
    messages = [words[key] for keys in piece.slots.values() for key in keys]
    sure = [message for message in messages if not message.optional]
    for length in ("short", "medium", "long"):
        said = {reference.key for message in sure for reference in references(message.title + message.at(length))}
        for key in rule.must_say:
            if key not in said:
                yield f"phải nói «{{{key}}}» nhưng lời văn không nhắc tới ({rule.why})"
    for message in messages:
        for reference in (reference for text in message.texts() for reference in references(text)):
            if reference.key in rule.must_not_say:
                yield f"«{message.key}» không được nói «{{{reference.key}}}» ({rule.why})"


def _check_false_statements(pack: Pack) -> None:
    _once("false_statements.toml", "tên mục", [statement["key"] for statement in pack.false_statements])
    for statement in pack.false_statements:
        where = f"false_statements.toml, mục «{statement['key']}»"
        try:
            pattern = pattern_of(statement)
        except re.error as fault:
            raise PackError(f"{where}: mẫu tìm không đúng ({fault}).") from fault
        if not pattern.search(statement["example"]):
            raise PackError(f"{where}: mẫu tìm không bắt được chính câu ví dụ.")
        if pattern.search(statement["right"]):
            raise PackError(f"{where}: mẫu tìm bắt nhầm cả câu đúng.")
    for file, message in _with_files(pack):
        for found in find_false_statements(pack, "\n".join(message.texts())):
            raise PackError(
                f"{file}, mục «{message.key}»: «{found.quote}» là điều sai ({found.why}) Nên viết: {found.right}"
            )


def _once(file: str, what: str, keys: list[str]) -> None:
    twice = [key for key in keys if keys.count(key) > 1]
    if twice:
        raise PackError(f"{file}: {what} «{twice[0]}» có hai lần.")
