"""The promises of the sheet: each looks at the evidence alone and says kept, broken, or that it could not be checked.

Nothing passes by default: a promise about which there was nothing to see is unchecked, and says why.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from lantoa.drill.evidence import GRACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lantoa.drill.evidence import Evidence, Row

MAY_HOLD = frozenset({"sent", "delivered", "unknown"})
LOST = frozenset({"failed_for_good", "refused"})
WAITING = frozenset({"queued", "failed_for_now"})
NOT_AGAIN = frozenset({"opted_out", "poison"})
"""Codes of those whom no other channel is to reach either."""
BY_ANSWER = frozenset({"opted_out", "complaint"})
"""Codes of a recipient who refused when they had read it."""
PACE_MARGIN = 1.05
"""Of the pace, over five seconds: here the other end shares the machine, and is late to look at its clock."""


class Verdict(Enum):
    """What became of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the sheet."""

    key: str
    promise: str
    """In Vietnamese, as the leader reads it."""
    verdict: Verdict
    figure: str
    where: str
    """Where to look."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check found: how many it looked at, how many were wrong, and the figure in words."""

    of: int
    wrong: int
    figure: str
    examples: tuple[str, ...] = ()
    why_not: str = ""
    """Why nothing could be checked, where `of` is 0."""

    def verdict(self) -> Verdict:
        """Broken by a single one; unchecked where there was nothing to look at."""
        if self.wrong:
            return Verdict.BROKEN
        return Verdict.KEPT if self.of else Verdict.UNCHECKED


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise, and how it is checked."""

    key: str
    says: str
    where: str
    check: Callable[[Evidence], Seen]


def judge(evidence: Evidence) -> list[Finding]:
    """The whole sheet."""
    return [_judged(promise, promise.check(evidence)) for promise in PROMISES]


def _judged(promise: Promise, seen: Seen) -> Finding:
    verdict = seen.verdict()
    figure = f"chưa kiểm tra được: {seen.why_not or seen.figure}" if verdict is Verdict.UNCHECKED else seen.figure
    if seen.examples and verdict is Verdict.BROKEN:
        figure += f" (ví dụ: {'; '.join(seen.examples[:3])})"
    return Finding(promise.key, promise.says, verdict, figure, promise.where)


def _named(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(f"đợt {row.dispatch}, người {row.person}" for row in rows)


# --- sending --------------------------------------------------------------------------------------


def _nobody_lost(evidence: Evidence) -> Seen:
    """Whoever the ledger calls sent to has it, and whoever was meant is in the ledger."""
    claimed = [row for row in evidence.rows if row.state in {"sent", "delivered"}]
    lost = [row for row in claimed if not evidence.by_ref.get((row.dispatch, row.person))]
    written = Counter(evidence.who((row.dispatch, row.person)) for row in evidence.rows)
    left_out = [who for who, number in evidence.meant.items() if written[who] < number]
    stuck = [row for row in evidence.rows if row.state in WAITING and not _is_looked_after(evidence, row)]
    return Seen(
        len(claimed),
        len(lost) + len(left_out) + len(stuck),
        f"{len(claimed)} tin ghi là đã gửi, {len(lost)} không đến; {len(left_out)} người bị sót; {len(stuck)} còn treo",
        _named([*lost, *stuck]),
        "không có tin nào được gửi",
    )


def _is_looked_after(evidence: Evidence, row: Row) -> bool:
    """Whether somebody who waits is to wait: for the hours of the dispatch, or because another dispatch has them."""
    own = evidence.dispatches[row.dispatch]
    heirs = [one.number for one in evidence.dispatches.values() if one.instead_of == own.number]
    if own.state == "cancelled":
        return any((heir, row.person) in evidence.row_of for heir in heirs)
    return own.is_closed


def _nobody_twice(evidence: Evidence) -> Seen:
    marked = [one for one in evidence.by_ref.items() if one[0][0] and len(one[1]) > 1]
    twice = [ref for ref, _ in marked if ref not in evidence.row_of or evidence.row_of[ref].state != "unknown"]
    unknown = sum(row.state == "unknown" for row in evidence.rows)
    return Seen(
        len(evidence.taken),
        len(twice),
        f"{len(evidence.taken)} tin đến nơi, {len(twice)} người nhận hai lần; "
        f"{unknown} người “chưa rõ kết quả” chờ quyết định",
        tuple(f"đợt {ref[0]}, người {ref[1]}" for ref in twice),
        "không có tin nào đến nơi",
    )


def _no_stranger(evidence: Evidence) -> Seen:
    strange = [one for one in evidence.taken if not one.dispatch or one.ref not in evidence.row_of]
    return Seen(
        len(evidence.taken),
        len(strange),
        f"{len(strange)} tin không có trong sổ",
        tuple(one.what or one.channel for one in strange),
        "không có tin nào đến nơi",
    )


def _failures_true(evidence: Evidence) -> Seen:
    """Who is called failed got nothing, unless the other end said so later, or they refused this very one."""
    failed = [row for row in evidence.rows if row.state in LOST]
    later = set(evidence.bounced)
    lies = [
        row
        for row in failed
        if evidence.by_ref.get((row.dispatch, row.person))
        and row.told is not False
        and (row.dispatch, row.person) not in later
        and row.code not in BY_ANSWER
    ]
    return Seen(
        len(failed),
        len(lies),
        f"{len(failed)} người không nhận được, {len(lies)} người thật ra đã nhận",
        _named(lies),
        "không có ai không nhận được",
    )


def _words_right(evidence: Evidence) -> Seen:
    wrong = [one for one in evidence.taken if not one.is_right]
    return Seen(
        len(evidence.taken),
        len(wrong),
        f"{len(evidence.taken)} tin đối chiếu từng chữ, {len(wrong)} tin sai",
        tuple(one.what for one in wrong),
        "không có tin nào đến nơi",
    )


def _fallback(evidence: Evidence) -> Seen:
    """Whom the first channel could not reach is in the fallback, unless they refused."""
    first = [one for one in evidence.dispatches.values() if one.fallback]
    due = [row for row in evidence.rows_of(first) if row.state in LOST and row.code not in NOT_AGAIN]
    left = [row for row in due if (evidence.dispatches[row.dispatch].fallback, row.person) not in evidence.row_of]
    return Seen(
        len(due),
        len(left),
        f"{len(due)} người kênh đầu không tới, {len(due) - len(left)} người được gửi bằng kênh dự phòng",
        _named(left),
        "không có ai cần kênh dự phòng" if first else "không có đợt dự phòng",
    )


def _pace(evidence: Evidence) -> Seen:
    over = [name for name, one in evidence.busiest.items() if one.in_five > 5 * one.pace * PACE_MARGIN + 1]
    said = "; ".join(
        f"{name}: hợp đồng {one.pace}/giây, 5 giây đông nhất {one.in_five} (bình quân {round(one.in_five / 5)}/giây), "
        f"một giây đông nhất {one.in_one}"
        for name, one in evidence.busiest.items()
    )
    return Seen(
        sum(one.in_one for one in evidence.busiest.values()), len(over), said, (), "không kênh nào có giới hạn"
    )


def _hours(evidence: Evidence) -> Seen:
    closed = {one.number for one in evidence.having(is_closed=True)}
    waiting = [row for row in evidence.rows if row.dispatch in closed]
    rang = [one for one in evidence.taken if one.dispatch in closed]
    return Seen(
        len(waiting),
        len(rang),
        f"{len(waiting)} người chờ đến giờ được gửi, {len(rang)} tin gửi ngoài giờ",
        tuple(f"đợt {one.dispatch}, người {one.person}" for one in rang),
        "không có đợt nào ngoài giờ",
    )


# --- what comes back ------------------------------------------------------------------------------


def _opt_outs(evidence: Evidence) -> Seen:
    """Nothing arrives at any address of somebody who refused, from a moment after we could know."""
    since = {one.who: one.at for one in evidence.refused}
    unheard = [one for one in evidence.refused if not one.at]
    after = [
        one
        for one in evidence.taken
        if one.dispatch and (at := since.get(evidence.who(one.ref))) and one.at > at + GRACE
    ]
    return Seen(
        len(since),
        len(after) + len(unheard),
        f"{len(since)} người từ chối, {len(unheard)} chưa ghi nhận, {len(after)} tin vẫn đến sau đó",
        (
            *(
                f"đợt {one.dispatch}, người {one.person}, sau {one.at - since[evidence.who(one.ref)]:.1f} giây"
                for one in after
            ),
            *(f"{one.who[1]} ({one.how})" for one in unheard),
        ),
        "không có ai từ chối",
    )


def _receipts(evidence: Evidence) -> Seen:
    """What was said of a message later stands in the ledger; by SMS nothing can be said of one that had no answer."""
    told = [
        row
        for row in evidence.rows
        if row.told is not None
        and evidence.by_ref.get((row.dispatch, row.person))
        and not (row.state == "unknown" and evidence.dispatches[row.dispatch].channel == "sms")
    ]
    wrong = [row for row in told if (row.state == "delivered") is not row.told]
    made_up = [row for row in evidence.rows if row.state == "delivered" and row.told is None]
    given_up = evidence.receipts_given_up
    return Seen(
        len(told),
        len(wrong) + len(made_up) + given_up,
        f"{len(told)} báo nhận, {len(wrong)} không khớp sổ, {len(made_up)} ghi khống, {given_up} không ai nhận",
        _named([*wrong, *made_up]),
        "không nhà cung cấp nào báo nhận",
    )


def _bounces(evidence: Evidence) -> Seen:
    unread = [ref for ref in evidence.bounced if evidence.row_of[ref].state not in LOST]
    return Seen(
        len(evidence.bounced),
        len(unread),
        f"{len(evidence.bounced)} thư trả lại, {len(unread)} chưa ghi vào sổ",
        tuple(f"đợt {ref[0]}, người {ref[1]}" for ref in unread),
        "không có thư nào bị trả lại",
    )


def _questions(evidence: Evidence) -> Seen:
    lost = [one for one in evidence.answers if not one.is_on_desk]
    return Seen(
        len(evidence.answers),
        len(lost),
        f"{len(evidence.answers)} câu hỏi của người dân, {len(lost)} không thấy ở bàn trả lời",
        tuple(f"{one.address}: {one.text}" for one in lost),
        "không có ai hỏi",
    )


# --- the correction -------------------------------------------------------------------------------


def _old_value_stopped(evidence: Evidence) -> Seen:
    if not evidence.approved_at:
        return Seen(0, 0, "", why_not="chưa có đính chính")
    old = {one.number for one in evidence.having(is_old=True)}
    sent = [one for one in evidence.taken if one.dispatch in old]
    late = [one for one in sent if one.at > evidence.approved_at + GRACE]
    return Seen(
        len(sent),
        len(late),
        f"{len(sent)} tin mang giá trị cũ trước khi duyệt, {len(late)} tin sau đó",
        tuple(f"đợt {one.dispatch}, người {one.person}, sau {one.at - evidence.approved_at:.1f} giây" for one in late),
    )


def _holders(evidence: Evidence) -> set[tuple[str, int]]:
    """Who has the old value in their hands, as far as the other ends know."""
    old = {one.number for one in evidence.having(is_old=True)}
    return {
        evidence.who(ref)
        for ref, got in evidence.by_ref.items()
        if got and ref[0] in old and ref in evidence.row_of and evidence.row_of[ref].state in MAY_HOLD
    }


def _everyone_told(evidence: Evidence) -> Seen:
    """Each holder got the notice, or stands in its ledger with the reason why not."""
    if not evidence.approved_at:
        return Seen(0, 0, "", why_not="chưa có đính chính")
    holders, notices = _holders(evidence), evidence.rows_of(evidence.having(tells=True))
    got = {
        evidence.who((row.dispatch, row.person)) for row in notices if evidence.by_ref.get((row.dispatch, row.person))
    }
    listed = {evidence.who((row.dispatch, row.person)) for row in notices if row.state in LOST}
    untold = sorted(holders - got - listed)
    return Seen(
        len(holders),
        len(untold),
        f"{len(holders)} người giữ giá trị cũ: {len(holders & got)} đã được báo, "
        f"{len((holders & listed) - got)} không báo được (có lý do trong sổ), {len(untold)} bị quên",
        tuple(f"{kind} {person}" for kind, person in untold),
        "chưa ai nhận giá trị cũ",
    )


def _nobody_needlessly(evidence: Evidence) -> Seen:
    """A notice reaches only those who had, or may have had, the old value, and each once."""
    old = {one.number for one in evidence.having(is_old=True)}
    had = {evidence.who(ref) for ref in evidence.by_ref if ref[0] in old}
    may = {
        evidence.who((row.dispatch, row.person))
        for row in evidence.rows
        if row.dispatch in old and row.state == "unknown"
    }
    notices = {one.number for one in evidence.having(tells=True)}
    told = Counter(evidence.who(one.ref) for one in evidence.taken if one.dispatch in notices)
    needless = sorted(who for who in told if who not in had | may)
    again = sorted(who for who, times in told.items() if times > 1)
    return Seen(
        len(told),
        len(needless) + len(again),
        f"{len(told)} người được báo đính chính, {len(needless)} người chưa từng nhận giá trị cũ, "
        f"{len(again)} người bị báo lặp",
        tuple(f"{kind} {person}" for kind, person in [*needless, *again]),
        "không có ai được báo đính chính",
    )


def _waiting_got_new(evidence: Evidence) -> Seen:
    """Who was still waiting has the new words, or a reason; and never had the old ones by that dispatch."""
    rows = evidence.rows_of(evidence.having(is_instead=True, is_closed=False))
    left = [
        row
        for row in rows
        if row.state not in LOST and not evidence.by_ref.get((row.dispatch, row.person)) and row.state != "unknown"
    ]
    return Seen(
        len(rows),
        len(left),
        f"{len(rows)} người còn chờ được gửi nội dung mới, {len(left)} chưa nhận",
        _named(left),
        "lúc đính chính không còn ai chờ",
    )


def _publications(evidence: Evidence) -> Seen:
    return Seen(
        evidence.published,
        evidence.stale_left,
        f"{evidence.published} lần đăng và gửi tài liệu, {evidence.stale_left} còn mang giá trị cũ",
        why_not="không có gì được đăng",
    )


def _report(evidence: Evidence) -> Seen:
    report = evidence.report
    return Seen(
        report.files * report.figures,
        len(report.faults),
        f"{report.files} tệp báo cáo, {report.figures} chỉ số mở ra được đến từng dòng, {len(report.faults)} chỗ sai",
        report.faults,
        "không có báo cáo",
    )


def _history(evidence: Evidence) -> Seen:
    return Seen(1, int(bool(evidence.history)), evidence.history or "chuỗi nhật ký nguyên vẹn")


PROMISES = (
    Promise("nobody_lost", "Không ai bị bỏ sót", "Đợt gửi → Ai chưa nhận được", _nobody_lost),
    Promise("nobody_twice", "Không ai nhận hai lần", "Đợt gửi → Chưa rõ kết quả", _nobody_twice),
    Promise("no_stranger", "Không tin nào ngoài sổ", "Đợt gửi → Người nhận", _no_stranger),
    Promise("failures_true", "Ghi “không nhận được” là đúng như vậy", "Đợt gửi → Ai chưa nhận được", _failures_true),
    Promise("words_right", "Lời gửi đúng từng chữ, đúng tên từng người", "Đợt gửi → Xem tin", _words_right),
    Promise("fallback", "Zalo không tới thì có kênh dự phòng", "Đợt gửi → Kênh dự phòng", _fallback),
    Promise("pace", "Giữ đúng tốc độ hợp đồng", "Kênh gửi", _pace),
    Promise("hours", "Không gửi ngoài giờ", "Đợt gửi → Giờ được gửi", _hours),
    Promise("opt_outs", "Từ chối nhận tin được nghe ngay, ở mọi kênh", "Từ chối nhận tin", _opt_outs),
    Promise("receipts", "Báo nhận khớp với sổ", "Đợt gửi → Đã đến nơi", _receipts),
    Promise("bounces", "Thư bị trả lại được đọc", "Đợt gửi → Ai chưa nhận được", _bounces),
    Promise("questions", "Câu hỏi của dân nằm ở bàn trả lời", "Tin trả lời", _questions),
    Promise("old_value_stopped", "Duyệt đính chính xong không gửi giá trị cũ nữa", "Đính chính", _old_value_stopped),
    Promise("everyone_told", "Ai đã nhận giá trị cũ đều được báo", "Đính chính → Người được báo", _everyone_told),
    Promise(
        "nobody_needlessly",
        "Không báo đính chính cho người chưa nhận giá trị cũ",
        "Đính chính → Người được báo",
        _nobody_needlessly,
    ),
    Promise("waiting_got_new", "Ai còn chờ thì nhận nội dung mới", "Đính chính → Đợt gửi thay", _waiting_got_new),
    Promise("publications", "Mọi nơi đã đăng đều thay bằng giá trị mới", "Đã phát", _publications),
    Promise("report", "Báo cáo đủ, mỗi con số mở ra được", "Báo cáo", _report),
    Promise("history", "Nhật ký nguyên vẹn", "Nhật ký", _history),
)
