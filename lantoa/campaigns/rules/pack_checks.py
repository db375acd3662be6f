"""What a pack must hold to: references that exist, no typed facts, nothing false, nothing unverified for residents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lantoa.campaigns.rules.devices import read_device_rules
from lantoa.campaigns.rules.false_statements import find_false_statements, pattern_of
from lantoa.campaigns.rules.pack import AUDIENCES, FACT_KINDS, PIECE_KINDS, SLOTS, Pack, PackError
from lantoa.campaigns.rules.wording import BUILT_INS, REFERENCE, WordingError, check_reference, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lantoa.campaigns.rules.pack import PackMessage, PackPiece

_ONE_ONLY: Final = ("title", "key_figure", "key_label")
_ADDRESS: Final = re.compile(r"https?://|www\.|\b(?:[\w-]+\.)+(?:vn|com|net|org|gov|info|io)\b", re.IGNORECASE)
_SPELLED: Final = re.compile(
    r"tháng (?:giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|chạp)\b"
    r"|ngày (?:mồng|mùng|mười|hai mươi|ba mươi)\b|năm hai (?:nghìn|ngàn)\b", re.IGNORECASE,
)
# A token is a name with a digit, an emergency number or a dialling code, never a date, a year or a share.
_TOKEN: Final = re.compile(r"11[2-9]|\*#\d\d#|(?=.*[^\W\d_])(?!.*\d{3})(?!.*\d[/.,:-]\d)[\w -]+")


def check_pack(pack: Pack) -> None:
    """Raise `PackError` at the first rule the pack breaks."""
    _check_head(pack)
    _check_facts(pack)
    _check_words(pack)
    for piece in pack.pieces:
        _check_piece(pack, piece)
    _check_phases(pack)
    _check_false_statements(pack)
    if pack.devices:
        read_device_rules(pack.devices)


def typed_facts(text: str, tokens: Iterable[str] = ()) -> str:
    """Find the first date, number or address typed into `text`; empty when all come from facts.

    References and the pack's `tokens` do not count.
    """
    rest = REFERENCE.sub(" ", text)
    for token in sorted(tokens, key=len, reverse=True):
        rest = re.sub(rf"(?<![\w*#]){re.escape(token)}(?![\w*#])", " ", rest)
    found = _ADDRESS.search(rest) or re.search(r"\S*\d\S*", rest) or _SPELLED.search(rest)
    return found[0] if found else ""


def _check_head(pack: Pack) -> None:
    if pack.key_fact not in {fact.key for fact in pack.facts}:
        raise PackError(f"pack.toml: «key_fact» là «{pack.key_fact}» nhưng facts.toml không có mục này.")
    for token in pack.tokens:
        if not _TOKEN.fullmatch(token):
            raise PackError(f"pack.toml: «{token}» không thể là từ có sẵn chữ số; hãy đưa vào facts.toml.")
    _once("pack.toml", "giai đoạn của phễu", [stage["key"] for stage in pack.funnel])
    _once("pack.toml", "sản phẩm", [f"{piece.kind} {piece.about}".strip() for piece in pack.pieces])


def _check_facts(pack: Pack) -> None:
    for fact in pack.facts:
        where = f"facts.toml, mục «{fact.key}»"
        if fact.kind not in FACT_KINDS:
            raise PackError(f"{where}: kiểu «{fact.kind}» không có; chỉ dùng {', '.join(FACT_KINDS)}.")
        if fact.verified and fact.value is None:
            raise PackError(f"{where}: chưa có giá trị thì không thể «verified = true».")


def _check_words(pack: Pack) -> None:
    _once("messages.toml và questions.toml", "tên mục", [one.key for one in (*pack.messages, *pack.questions)])
    kinds = {fact.key: fact.kind for fact in pack.facts}
    for file, message in _with_files(pack):
        where = f"{file}, mục «{message.key}»"
        if message.language not in {"vi", "en"}:
            raise PackError(f"{where}: ngôn ngữ là «vi» hoặc «en».")
        for text in (message.title, message.text):
            _check_text(where, text, kinds, pack.tokens)


def _check_text(where: str, text: str, kinds: dict[str, str], tokens: tuple[str, ...]) -> None:
    try:
        for reference in references(text):
            if reference.key not in kinds and reference.key not in BUILT_INS:
                raise PackError(f"{where}: «{{{reference.key}}}» không có trong facts.toml.")
            check_reference(reference, kinds.get(reference.key))
    except WordingError as fault:
        raise PackError(f"{where}: {fault}.") from fault
    typed = typed_facts(text, tokens)
    if typed:
        raise PackError(f"{where}: «{typed}» được gõ thẳng vào lời văn; hãy đưa vào facts.toml rồi tham chiếu.")


def _with_files(pack: Pack) -> Iterator[tuple[str, PackMessage]]:
    yield from (("messages.toml", message) for message in pack.messages)
    yield from (("questions.toml", message) for message in pack.questions)


def _check_piece(pack: Pack, piece: PackPiece) -> None:
    where, words = f"pack.toml, sản phẩm «{piece.kind}»", pack.words()
    if piece.kind not in PIECE_KINDS:
        raise PackError(f"{where}: không có loại này; chỉ dùng {', '.join(PIECE_KINDS)}.")
    if piece.audience not in AUDIENCES:
        raise PackError(f"{where}: «audience» là {', '.join(AUDIENCES)}.")
    if piece.about and piece.about not in {fact.key for fact in pack.facts}:
        raise PackError(f"{where}: «about» là «{piece.about}» nhưng facts.toml không có mục này.")
    for slot, keys in piece.slots.items():
        if slot not in SLOTS:
            raise PackError(f"{where}: không có chỗ «{slot}»; chỉ dùng {', '.join(SLOTS)}.")
        if slot in _ONE_ONLY and len(keys) != 1:
            raise PackError(f"{where}: chỗ «{slot}» chỉ nhận một nội dung.")
        for key in keys:
            if key not in words:
                raise PackError(f"{where}: nội dung «{key}» không có trong messages.toml hay questions.toml.")
            _check_confirmed(where, pack, piece, words[key])
    if piece.kind == "bulletin" and sum(sentence.key for sentence in piece.sentences) != 1:
        raise PackError(f"{where}: phải có đúng một câu chính («key = true»).")


def _check_confirmed(where: str, pack: Pack, piece: PackPiece, message: PackMessage) -> None:
    """Let a resident-facing piece wait for an unverified fact only in a message that can be left out."""
    if piece.audience != "residents" or message.optional:
        return
    unconfirmed = {fact.key for fact in pack.facts if not fact.verified}
    for reference in (*references(message.title), *references(message.text)):
        if reference.key in unconfirmed:
            raise PackError(
                f"{where}: nội dung «{message.key}» cần «{reference.key}» chưa được kiểm chứng; "
                "hãy kiểm chứng, hoặc đánh dấu nội dung «optional = true».",
            )


def _check_phases(pack: Pack) -> None:
    kinds = {piece.kind for piece in pack.pieces}
    expected: int | None = None
    for phase in pack.phases:
        where = f"pack.toml, giai đoạn «{phase.key}»"
        if phase.last_day < phase.first_day:
            raise PackError(f"{where}: «last_day» đứng trước «first_day».")
        if expected is not None and phase.first_day != expected:
            raise PackError(f"{where}: phải bắt đầu từ ngày {expected}, ngay sau giai đoạn trước.")
        expected = phase.last_day + 1
        for kind in phase.pieces:
            if kind not in kinds:
                raise PackError(f"{where}: gói không có sản phẩm «{kind}».")


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
        for found in find_false_statements(pack, f"{message.title}\n{message.text}"):
            raise PackError(f"{file}, mục «{message.key}»: «{found.quote}» là điều sai ({found.why}).")


def _once(file: str, what: str, keys: list[str]) -> None:
    twice = [key for key in keys if keys.count(key) > 1]
    if twice:
        raise PackError(f"{file}: {what} «{twice[0]}» có hai lần.")
