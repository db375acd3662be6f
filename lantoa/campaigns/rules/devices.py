"""The phone check: what a device number and a model name allow one to say, by a pack's rules.

Three kinds of answer: at risk, safe, unknown. To tell the owner of a phone at risk that all is well is the
costly error, so a doubt of any sort (a mistyped number, a model that is often forged, two rules that
disagree) ends in `unknown`, and the advice is to ask the carrier. What the screen shows ("4G" beside the
signal) is no evidence: forged phones show it by software.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lantoa.campaigns.rules.pack import PackError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MEANINGS: Final = ("risk", "safe", "unknown")


@dataclass(frozen=True, slots=True)
class DeviceRule:
    """One rule: a model name pattern or the first digits of a device number, and what follows."""

    pattern: re.Pattern[str]
    result: str
    why: str


@dataclass(frozen=True, slots=True)
class DeviceResult:
    """What a result means to its reader: `risk`, `safe` or `unknown`."""

    key: str
    meaning: str
    label: str
    advice: str


@dataclass(frozen=True, slots=True)
class DeviceRules:
    """A pack's `devices.toml`, checked."""

    results: Mapping[str, DeviceResult]
    models: tuple[DeviceRule, ...]
    numbers: tuple[DeviceRule, ...]

    @property
    def unknown(self) -> str:
        """The key of the result for a doubt."""
        return next(result.key for result in self.results.values() if result.meaning == "unknown")


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """The answer, why, and what to do next. In Vietnamese but for `result`."""

    result: str
    why: str
    advice: str
    label: str = ""


def check_phone(
    rules: Mapping[str, Any] | DeviceRules, imei: str | None = None, model: str | None = None,
) -> PhoneCheck:
    """Judge a phone by its device number (IMEI, or its first 8 digits, the TAC) and its model name.

    Raises `PackError` when `rules` are broken.
    """
    known = rules if isinstance(rules, DeviceRules) else read_device_rules(rules)
    number, doubt = read_imei(imei or "")
    named = normal_model(model or "")
    matches = [rule for rule in (_first(known.numbers, number[:8]), _first(known.models, named)) if rule]
    if not (number or named or doubt):
        doubt = "Chưa có số IMEI hoặc tên máy."
    return _weigh(known, matches, doubt)


def read_imei(text: str) -> tuple[str, str]:
    """Digits of a device number, and the reason to doubt it (empty when there is none).

    15 digits end in a Luhn check digit (3GPP TS 23.003, clause 6.2.1); 16 are an IMEISV, 14 lack the check
    digit, 8 are a TAC alone.
    """
    digits = re.sub(r"[\s./-]", "", text)
    if not digits:
        return "", ""
    if not re.fullmatch(r"[0-9]+", digits):
        return "", "Số IMEI chỉ gồm chữ số; số vừa nhập có ký tự khác."
    if len(digits) not in {8, 14, 15, 16}:
        return "", "Số IMEI có mười lăm chữ số; số vừa nhập thiếu hoặc thừa chữ số."
    if len(set(digits)) <= 2 or digits.startswith("00"):
        return "", "Số IMEI này không phải số của máy thật: máy có thể là hàng giả, hàng nhái."
    if len(digits) == 15 and not luhn_holds(digits):
        return "", "Số IMEI không hợp lệ: có thể gõ nhầm, hoặc máy là hàng giả."
    return digits, ""


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of those before it."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def normal_model(text: str) -> str:
    """Write a model name as rules see it: lower case, one space between words, no signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w+]+", " ", plain).split())


def read_device_rules(table: Mapping[str, Any]) -> DeviceRules:
    """Check and compile a pack's `devices.toml`. Raises `PackError` naming the entry, in Vietnamese."""
    results = {key: _result(key, entry) for key, entry in table.get("result", {}).items()}
    meanings = [result.meaning for result in results.values()]
    if meanings.count("unknown") != 1 or "risk" not in meanings:
        raise PackError("devices.toml: cần ít nhất một kết quả «risk» và đúng một kết quả «unknown».")
    models = tuple(_rule(entry, "model", results) for entry in table.get("model", []))
    numbers = tuple(_rule(entry, "tac", results) for entry in table.get("tac", []))
    return DeviceRules(results, models, numbers)


def _result(key: str, entry: Mapping[str, Any]) -> DeviceResult:
    for name in ("meaning", "label", "advice"):
        if not entry.get(name):
            raise PackError(f"devices.toml, kết quả «{key}»: thiếu «{name}».")
    if entry["meaning"] not in _MEANINGS:
        raise PackError(f"devices.toml, kết quả «{key}»: «meaning» là {', '.join(_MEANINGS)}.")
    return DeviceResult(key, entry["meaning"], entry["label"], entry["advice"])


def _rule(entry: Mapping[str, Any], kind: str, results: Mapping[str, DeviceResult]) -> DeviceRule:
    pattern = entry.get("pattern" if kind == "model" else "prefix")
    where = f"devices.toml, mục [[{kind}]] «{pattern}»"
    if not pattern or entry.get("result") not in results or not entry.get("why"):
        raise PackError(f"{where}: cần mẫu, «result» đã khai và «why».")
    if not entry.get("source"):
        raise PackError(f"{where}: thiếu «source».")
    if kind == "tac" and not re.fullmatch(r"[0-9]{6,8}", str(pattern)):
        raise PackError(f"{where}: «prefix» là sáu đến tám chữ số đầu của IMEI.")
    try:
        compiled = re.compile(rf"\b(?:{pattern})\b" if kind == "model" else str(pattern))
    except re.error as fault:
        raise PackError(f"{where}: mẫu không đúng ({fault}).") from fault
    return DeviceRule(compiled, entry["result"], entry["why"])


def _first(rules: tuple[DeviceRule, ...], text: str) -> DeviceRule | None:
    """Find the first rule that fits: the pack puts the narrower rule before the wider."""
    if not text:
        return None
    return next((rule for rule in rules if rule.pattern.search(text)), None)


def _weigh(known: DeviceRules, matches: list[DeviceRule], doubt: str) -> PhoneCheck:
    """Weigh the rules that fit: a sign of risk outweighs all, a doubt outweighs an all-clear."""
    found = {known.results[rule.result].meaning: rule for rule in reversed(matches)}
    if "risk" in found:
        return _answer(known, found["risk"].result, found["risk"].why)
    if doubt:
        return _answer(known, known.unknown, doubt)
    for meaning in ("unknown", "safe"):
        if meaning in found:
            return _answer(known, found[meaning].result, found[meaning].why)
    return _answer(known, known.unknown, "Máy này chưa có trong danh sách của gói, nên không thể kết luận.")


def _answer(known: DeviceRules, result: str, why: str) -> PhoneCheck:
    found = known.results[result]
    return PhoneCheck(result, why, found.advice, found.label)
