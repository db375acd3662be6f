from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lantoa.drill.evidence import Answered, Busiest, Evidence, Refused, Reported, Row, Sending, Taken
from lantoa.drill.promises import PROMISES, Verdict, judge

OLD, NOTICE, INSTEAD, CLOSED, ZALO, FALLBACK = range(1, 7)
APPROVED = 1000.0


def evidence(**values: Any) -> Evidence:
    """A drill in which everything went well. Person 1 got the old value, 2 still waited, 3 has no Zalo, 4 refused."""
    usual: dict[str, Any] = {
        "dispatches": {
            OLD: Sending(OLD, "email", "residents", "cancelled", is_old=True),
            NOTICE: Sending(NOTICE, "email", "residents", "done", tells=True),
            INSTEAD: Sending(INSTEAD, "email", "residents", "done", instead_of=OLD),
            CLOSED: Sending(CLOSED, "sms", "residents", "running", is_closed=True),
            ZALO: Sending(ZALO, "zns", "residents", "done", fallback=FALLBACK),
            FALLBACK: Sending(FALLBACK, "sms_http", "residents", "done"),
        },
        "rows": (
            Row(OLD, 1, "sent"), Row(OLD, 2, "queued"), Row(OLD, 5, "failed_for_good", "bounced"),
            Row(NOTICE, 1, "sent"),
            Row(INSTEAD, 2, "sent"), Row(CLOSED, 1, "queued"), Row(ZALO, 3, "failed_for_good", "-118"),
            Row(FALLBACK, 3, "delivered", told=True), Row(ZALO, 4, "refused", "opted_out"),
        ),
        "taken": (
            Taken("email", 900.0, OLD, 1), Taken("email", 901.0, OLD, 5), Taken("email", 1100.0, NOTICE, 1),
            Taken("email", 1100.0, INSTEAD, 2), Taken("sms_http", 950.0, FALLBACK, 3),
        ),
        "meant": {("residents", 1): 1, ("residents", 2): 1, ("residents", 3): 1},
        "refused": (Refused(("residents", 4), 800.0, "STOP"),),
        "bounced": ((OLD, 5),),
        "answers": (Answered("0900000001", "Có phải đổi không?", is_on_desk=True),),
        "busiest": {"email": Busiest(10, 10, 50)},
        "approved_at": APPROVED,
        "published": 3,
        "report": Reported(3, 19),
    }  # fmt: skip
    return Evidence(**{**usual, **values})


def verdicts(of: Evidence) -> dict[str, Verdict]:
    return {one.key: one.verdict for one in judge(of)}


def broken(of: Evidence) -> set[str]:
    return {key for key, verdict in verdicts(of).items() if verdict is Verdict.BROKEN}


def without(arrived: tuple[int, int]) -> Evidence:
    return evidence(taken=tuple(one for one in evidence().taken if one.ref != arrived))


def also(*taken: Taken, **values: Any) -> Evidence:
    return evidence(taken=(*evidence().taken, *taken), **values)


def with_row(row: Row) -> Evidence:
    others = tuple(one for one in evidence().rows if (one.dispatch, one.person) != (row.dispatch, row.person))
    return evidence(rows=(*others, row))


def test_where_everything_went_well_every_promise_is_kept() -> None:
    assert set(verdicts(evidence()).values()) == {Verdict.KEPT}


FAULTS: dict[str, tuple[str, Evidence]] = {
    "a message that is called sent and never came": ("nobody_lost", without((FALLBACK, 3))),
    "somebody whom no dispatch wrote down": ("nobody_lost", evidence(meant={("residents", 9): 1})),
    "somebody who still waits at the end": ("nobody_lost", with_row(Row(FALLBACK, 8, "failed_for_now"))),
    "somebody who was to be tried again, in a cancelled dispatch that nobody took over": (
        "nobody_lost", with_row(Row(OLD, 8, "failed_for_now")),
    ),
    "a message that came twice": ("nobody_twice", also(Taken("sms_http", 960.0, FALLBACK, 3))),
    "a message that nobody ordered": ("no_stranger", also(Taken("sms", 950.0, is_right=False, what="sms 09…"))),
    "a message of a dispatch that the person is not in": ("no_stranger", also(Taken("zns", 950.0, ZALO, 77))),
    "somebody called failed who has it": ("failures_true", also(Taken("zns", 950.0, ZALO, 3))),
    "another person's name": ("words_right", also(Taken("email", 905.0, OLD, 5, is_right=False, what="tên khác"))),
    "nobody carries on": ("fallback", with_row(Row(ZALO, 8, "failed_for_good", "-118"))),
    "too quick": ("pace", evidence(busiest={"email": Busiest(10, 30, 90)})),
    "a telephone that rang at night": ("hours", also(Taken("sms", 950.0, CLOSED, 1))),
    "a message after somebody refused": ("opt_outs", also(Taken("zns", 950.0, ZALO, 4))),
    "a refusal nobody heard": ("opt_outs", evidence(refused=(Refused(("residents", 4), 0.0, "STOP"),))),
    "a receipt that is not in the ledger": ("receipts", with_row(Row(FALLBACK, 3, "sent", told=True))),
    "delivered without a receipt": ("receipts", with_row(Row(FALLBACK, 3, "delivered"))),
    "a receipt that nobody took": ("receipts", evidence(receipts_given_up=1)),
    "a bounce that was not read": ("bounces", with_row(Row(OLD, 5, "sent"))),
    "a question that is nowhere": ("questions", evidence(answers=(Answered("09", "Có phải đổi?", is_on_desk=False),))),
    "the old value after the approval": ("old_value_stopped", also(Taken("email", 1005.0, OLD, 2))),
    "a holder who was not told": ("everyone_told", without((NOTICE, 1))),
    "somebody told who never got it": ("nobody_needlessly", also(Taken("email", 1100.0, NOTICE, 3))),
    "somebody told twice": ("nobody_needlessly", also(Taken("email", 1101.0, NOTICE, 1))),
    "somebody who waited and got nothing": ("waiting_got_new", without((INSTEAD, 2))),
    "a page with the old value": ("publications", evidence(stale_left=1)),
    "a figure that is no number of rows": ("report", evidence(report=Reported(3, 19, ("số tin: 5, đếm được 4",)))),
    "a history that was changed": ("history", evidence(history="nhật ký bị sửa ở mục 7")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_breaks_the_promise_it_is_against(fault: str) -> None:
    key, of = FAULTS[fault]
    assert key in broken(of)


def test_every_promise_has_a_fault_that_breaks_it() -> None:
    assert {key for key, _ in FAULTS.values()} == {promise.key for promise in PROMISES}


def test_a_promise_about_which_nothing_was_seen_is_unchecked_and_says_so() -> None:
    findings = judge(Evidence({}, (), ()))
    assert {one.verdict for one in findings if one.key != "history"} == {Verdict.UNCHECKED}
    assert all("chưa kiểm tra được: " in one.figure for one in findings if one.verdict is Verdict.UNCHECKED)
    assert not [one for one in findings if one.figure.endswith(": ")], "the reason is said"


def test_what_is_marked_unknown_may_have_come_twice_and_its_holder_is_told() -> None:
    twice = also(Taken("sms_http", 960.0, FALLBACK, 3))
    rows = tuple(replace(row, state="unknown") if row.dispatch == FALLBACK else row for row in twice.rows)
    assert "nobody_twice" not in broken(replace(twice, rows=rows))


def test_whoever_could_not_be_told_counts_as_looked_after_when_the_ledger_says_why() -> None:
    told = without((NOTICE, 1))
    rows = tuple(
        replace(row, state="refused", code="opted_out") if row.dispatch == NOTICE else row for row in told.rows
    )
    assert "everyone_told" not in broken(replace(told, rows=rows))


def test_an_example_stands_beside_a_broken_promise() -> None:
    finding = next(one for one in judge(without((FALLBACK, 3))) if one.key == "nobody_lost")
    assert f"đợt {FALLBACK}, người 3" in finding.figure
