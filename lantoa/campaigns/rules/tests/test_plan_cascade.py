from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lantoa.campaigns.rules.cascade import CascadePlan, plan_cascade
from lantoa.letters.rules.letter import CHANNEL_KINDS, Letter, LetterTask
from lantoa.places.rules import PlaceFacts, Tree

DISTRICT, OFFICE, POLICE, CULTURE, FAR = 1, 2, 3, 4, 9
WARDS = (10, 20)


def places() -> list[PlaceFacts]:
    rows = [
        PlaceFacts(DISTRICT, "d", "Quận Bến Nghé", "district", None),
        PlaceFacts(OFFICE, "d-vp", "Văn phòng HĐND và UBND quận Bến Nghé", "office", DISTRICT),
        PlaceFacts(POLICE, "d-ca", "Công an quận Bến Nghé", "police", DISTRICT),
        PlaceFacts(CULTURE, "d-vh", "Phòng Văn hóa và Thông tin quận Bến Nghé", "section", DISTRICT),
        PlaceFacts(FAR, "e", "Quận Cầu Mới", "district", None),
        PlaceFacts(90, "e-w", "Phường Xa", "ward", FAR),
        PlaceFacts(91, "e-ub", "Ủy ban nhân dân phường Xa", "committee", 90),
        PlaceFacts(92, "e-t", "Tổ công nghệ số cộng đồng phường Xa", "digital_team", 90),
    ]
    for ward, name in zip(WARDS, ("Đa Phước", "Hòa Nghĩa"), strict=True):
        rows += [
            PlaceFacts(ward, f"w{ward}", f"Phường {name}", "ward", DISTRICT),
            PlaceFacts(ward + 1, f"w{ward}-ub", f"Ủy ban nhân dân phường {name}", "committee", ward),
            PlaceFacts(ward + 2, f"w{ward}-n", "Tổ dân phố số 1", "neighbourhood", ward),
            PlaceFacts(ward + 3, f"w{ward}-t", "Tổ công nghệ số cộng đồng số 1", "digital_team", ward + 2),
            PlaceFacts(ward + 4, f"w{ward}-p", "Tổ công tác Đề án 06 số 1", "project06_team", ward + 2),
        ]
    return rows


TREE = Tree(tuple(places()))
TEAMS = ("community_digital_team", "project06_team")
LETTER = Letter(
    doc_type="cong_van",
    issuer="Ủy ban nhân dân quận Bến Nghé",
    addressees=("Các phòng chuyên môn thuộc quận", "Công an quận", "Ủy ban nhân dân các phường"),
    tasks=(
        LetterTask("1", ("thủ trưởng các cơ quan, đơn vị",), "phổ biến", ("staff_meeting",)),
        LetterTask("2", ("Văn phòng HĐND và UBND quận",), "đăng cổng", ("portal", "fanpage")),
        LetterTask("3", ("Ủy ban nhân dân các phường",), "phát thanh, gửi các tổ", ("loudspeaker", *TEAMS)),
    ),
)


def cascade(*tasks: LetterTask, **changes: Any) -> CascadePlan:
    values: dict[str, Any] = {"doc_type": "cong_van", "issuer": LETTER.issuer, "tasks": tasks} | changes
    return plan_cascade(Letter(**values), TREE, DISTRICT)


def given_to(plan: CascadePlan, task: int) -> dict[int, int | None]:
    return {item.place_id: item.given_by for item in plan.assignments if item.task == task}


def test_heads_of_offices_means_everyone_addressed() -> None:
    plan = plan_cascade(LETTER, TREE, DISTRICT)
    assert set(plan.addressed) == {OFFICE, CULTURE, POLICE, 11, 21}
    assert given_to(plan, 0) == dict.fromkeys((OFFICE, CULTURE, POLICE, 11, 21))


def test_an_office_named_is_given_its_task_alone() -> None:
    assert given_to(plan_cascade(LETTER, TREE, DISTRICT), 1) == {OFFICE: None}


def test_each_ward_hands_on_to_the_teams_of_its_own_neighbourhoods() -> None:
    plan = plan_cascade(LETTER, TREE, DISTRICT)
    assert given_to(plan, 2) == {11: None, 21: None, 13: 11, 14: 11, 23: 21, 24: 21}
    assert plan.asks == ()


def test_only_the_kind_of_team_the_task_names_is_handed_the_task() -> None:
    plan = cascade(LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("project06_team",)))
    assert given_to(plan, 0) == {11: None, 21: None, 14: 11, 24: 21}


def test_without_a_team_among_the_channels_nothing_is_handed_on() -> None:
    plan = cascade(LetterTask("1", ("Ủy ban nhân dân các phường",), "", ("portal",)))
    assert given_to(plan, 0) == {11: None, 21: None}


def test_the_words_that_named_a_place_are_kept() -> None:
    plan = plan_cascade(LETTER, TREE, DISTRICT)
    phrases = {item.place_id: item.phrase for item in plan.assignments if item.task == 2}
    assert phrases[11] == "Ủy ban nhân dân các phường"
    assert phrases[13] == "Tổ công nghệ số cộng đồng số 1"


def test_a_team_the_letter_names_itself_has_the_task_from_nobody_else() -> None:
    plan = cascade(
        LetterTask(
            "1", ("Ủy ban nhân dân các phường", "Các Tổ công nghệ số cộng đồng"), "", ("community_digital_team",)
        ),
    )
    assert given_to(plan, 0) == {11: None, 21: None, 13: None, 23: None}


def test_a_place_left_out_is_not_given_the_task_nor_its_teams() -> None:
    plan = cascade(LetterTask("1", ("Ủy ban nhân dân các phường (trừ phường Hòa Nghĩa)",), "", TEAMS))
    assert given_to(plan, 0) == {11: None, 13: 11, 14: 11}


def test_a_name_the_tree_does_not_know_is_asked_about_and_holds_up_its_task_alone() -> None:
    plan = cascade(
        LetterTask("1", ("Trung tâm Dịch vụ hành chính công",), ""),
        LetterTask("2", ("Công an quận",), ""),
        addressees=("Bưu điện quận",),
    )
    assert [(ask.about, ask.subject, ask.task) for ask in plan.asks] == [
        ("addressee", "Bưu điện quận", None),
        ("assignee", "Trung tâm Dịch vụ hành chính công", 0),
    ]
    assert given_to(plan, 1) == {POLICE: None}


def test_a_task_that_names_nobody_is_asked_about() -> None:
    (ask,) = cascade(LetterTask(None, (), "báo cáo")).asks
    assert (ask.about, ask.subject, ask.task) == ("assignee", "mục 1", 0)


PHRASES = (
    "thủ trưởng các cơ quan, đơn vị",
    "Ủy ban nhân dân các phường",
    "Công an quận",
    "Các Tổ công nghệ số cộng đồng",
    "Ủy ban nhân dân phường Đa Phước",
    "Bưu điện quận",
)


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(PHRASES), max_size=3), st.lists(st.sampled_from(CHANNEL_KINDS), max_size=4)),
        max_size=3,
    )
)
def test_nobody_is_given_a_task_twice_and_whoever_hands_on_has_it_first(
    tasks: list[tuple[list[str], list[str]]],
) -> None:
    plan = cascade(
        *(LetterTask(str(n), tuple(who), "", tuple(how)) for n, (who, how) in enumerate(tasks)),
        addressees=LETTER.addressees,
    )
    slots = [(item.task, item.place_id) for item in plan.assignments]
    assert len(slots) == len(set(slots))
    own = {(item.task, item.place_id) for item in plan.assignments if item.given_by is None}
    assert all((item.task, item.given_by) in own for item in plan.assignments if item.given_by is not None)
    assert not {place for _, place in slots} & {FAR, 90, 91, 92}
