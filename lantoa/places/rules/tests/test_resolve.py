"""What the phrases of real drafting name, in a tree of our own making."""

from __future__ import annotations

import pytest

from lantoa.places.rules import PlaceFacts, Resolution, Tree, resolve
from lantoa.places.rules.phrases import key

# (name, kind, parent, other names); a place is spoken of in these tests by its name.
_PLACES = (
    ("Tỉnh Sông Lam", "province", None),
    ("Ủy ban nhân dân tỉnh Sông Lam", "committee", "Tỉnh Sông Lam"),
    ("Sở Tài chính", "section", "Tỉnh Sông Lam"),
    ("Sở Khoa học và Công nghệ", "section", "Tỉnh Sông Lam"),
    ("Sở Văn hóa, Thể thao và Du lịch", "section", "Tỉnh Sông Lam"),
    ("Công an tỉnh", "police", "Tỉnh Sông Lam"),
    ("Thành phố Lam Giang", "district", "Tỉnh Sông Lam"),
    ("Ủy ban nhân dân thành phố Lam Giang", "committee", "Thành phố Lam Giang"),
    ("Huyện Đồi Xanh", "district", "Tỉnh Sông Lam"),
    ("Ủy ban nhân dân huyện Đồi Xanh", "committee", "Huyện Đồi Xanh"),
    ("Văn phòng Huyện ủy", "party_office", "Huyện Đồi Xanh"),
    ("Văn phòng HĐND và UBND huyện Đồi Xanh", "office", "Huyện Đồi Xanh"),
    ("Ủy ban MTTQ Việt Nam huyện Đồi Xanh", "front", "Huyện Đồi Xanh"),
    ("Hội Nông dân huyện Đồi Xanh", "mass_organisation", "Huyện Đồi Xanh"),
    ("Hội Liên hiệp Phụ nữ huyện Đồi Xanh", "mass_organisation", "Huyện Đồi Xanh"),
    ("Phòng Văn hóa và Thông tin huyện Đồi Xanh", "section", "Huyện Đồi Xanh"),
    ("Phòng Y tế huyện Đồi Xanh", "section", "Huyện Đồi Xanh"),
    ("Phòng Giáo dục và Đào tạo huyện Đồi Xanh", "section", "Huyện Đồi Xanh"),
    ("Phòng Lao động - Thương binh và Xã hội huyện Đồi Xanh", "section", "Huyện Đồi Xanh"),
    ("Trung tâm Văn hóa, Thông tin và Thể thao huyện Đồi Xanh", "service_unit", "Huyện Đồi Xanh"),
    ("Công an huyện Đồi Xanh", "police", "Huyện Đồi Xanh"),
    *(
        row
        for commune in ("Xã Suối Đá", "Xã Bến Tranh", "Thị trấn Đồi Xanh")
        for row in (
            (commune, "ward", "Huyện Đồi Xanh"),
            (f"Ủy ban nhân dân {commune.lower()}", "committee", commune),
            (f"Đài truyền thanh {commune.lower()}", "station", commune),
            (f"Thôn 1 {commune}", "neighbourhood", commune),
            (f"Thôn 2 {commune}", "neighbourhood", commune),
            (f"Tổ công nghệ số cộng đồng Thôn 1 {commune}", "digital_team", f"Thôn 1 {commune}"),
            (f"Tổ công tác Đề án 06 {commune}", "project06_team", commune),
        )
    ),
    ("Trạm Y tế xã Suối Đá", "service_unit", "Xã Suối Đá"),
    ("Trạm Y tế xã Bến Tranh", "service_unit", "Xã Bến Tranh"),
    ("Công an xã Suối Đá", "police", "Xã Suối Đá"),
    ("Công an xã Bến Tranh", "police", "Xã Bến Tranh"),
    ("Trường Tiểu học Suối Đá", "school", "Xã Suối Đá"),
)
_IDS = {name: number for number, (name, *_) in enumerate(_PLACES, 1)}
TREE = Tree(tuple(
    PlaceFacts(_IDS[name], str(_IDS[name]), name, kind, _IDS.get(parent or "")) for name, kind, parent in _PLACES
))

SECTIONS = {
    "Văn phòng HĐND và UBND huyện Đồi Xanh", "Phòng Văn hóa và Thông tin huyện Đồi Xanh", "Phòng Y tế huyện Đồi Xanh",
    "Phòng Giáo dục và Đào tạo huyện Đồi Xanh", "Phòng Lao động - Thương binh và Xã hội huyện Đồi Xanh",
}
CENTRE = "Trung tâm Văn hóa, Thông tin và Thể thao huyện Đồi Xanh"
MASS = {"Hội Nông dân huyện Đồi Xanh", "Hội Liên hiệp Phụ nữ huyện Đồi Xanh"}
FRONT = "Ủy ban MTTQ Việt Nam huyện Đồi Xanh"
POLICE = "Công an huyện Đồi Xanh"
COMMUNES = {"Ủy ban nhân dân xã suối đá", "Ủy ban nhân dân xã bến tranh"}
ALL_COMMUNES = COMMUNES | {"Ủy ban nhân dân thị trấn đồi xanh"}
HEALTH, CULTURE = "Phòng Y tế huyện Đồi Xanh", "Phòng Văn hóa và Thông tin huyện Đồi Xanh"
HAMLETS = {name for name, kind, _ in _PLACES if kind == "neighbourhood"}
TEAMS = {name for name, kind, _ in _PLACES if kind == "digital_team"}
TEAMS_06 = {name for name, kind, _ in _PLACES if kind == "project06_team"}
ADDRESSED = {HEALTH, POLICE}


def _read(phrase: str, issuer: str = "Huyện Đồi Xanh") -> tuple[set[str], tuple[str, ...]]:
    found: Resolution = resolve(phrase, TREE, _IDS[issuer], tuple(_IDS[name] for name in sorted(ADDRESSED)))
    assert len(set(found.place_ids)) == len(found.place_ids)
    return {TREE.by_id[place_id].name for place_id in found.place_ids}, found.unresolved


@pytest.mark.parametrize(("phrase", "names"), [
    ("Văn phòng Huyện ủy", {"Văn phòng Huyện ủy"}),
    ("Công an huyện", {POLICE}),
    ("Công an huyện Đồi Xanh", {POLICE}),
    ("Trưởng Công an huyện", {POLICE}),
    ("Văn phòng HĐND và UBND huyện", {"Văn phòng HĐND và UBND huyện Đồi Xanh"}),
    ("Chánh Văn phòng HĐND-UBND huyện", {"Văn phòng HĐND và UBND huyện Đồi Xanh"}),
    ("Uỷ ban Mặt trận Tổ quốc Việt Nam huyện", {FRONT}),
    ("MTTQ huyện", {FRONT}),
    ("Phòng Văn hoá - Thông tin", {CULTURE}),
    ("Phòng VH&TT huyện", {CULTURE}),
    ("Phòng LĐ-TB&XH", {"Phòng Lao động - Thương binh và Xã hội huyện Đồi Xanh"}),
    ("Trưởng phòng GD&ĐT", {"Phòng Giáo dục và Đào tạo huyện Đồi Xanh"}),
    ("Trung tâm Văn hóa - Thông tin và Thể thao", {CENTRE}),
    ("Hội LHPN huyện", {"Hội Liên hiệp Phụ nữ huyện Đồi Xanh"}),
    ("Sở Tài chính (để báo cáo)", {"Sở Tài chính"}),
    ("UBND xã Suối Đá", {"Ủy ban nhân dân xã suối đá"}),
    ("Chủ tịch UBND huyện", {"Ủy ban nhân dân huyện Đồi Xanh"}),
])
def test_a_name_finds_its_place_however_it_is_written(phrase: str, names: set[str]) -> None:
    assert _read(phrase) == (names, ())


@pytest.mark.parametrize(("phrase", "names"), [
    ("Các phòng chuyên môn", SECTIONS),
    ("Các phòng chuyên môn, đơn vị sự nghiệp thuộc huyện", SECTIONS | {CENTRE}),
    ("Các phòng, ban, đơn vị thuộc UBND huyện", SECTIONS | {CENTRE}),
    ("Trưởng các phòng, ban, ngành", SECTIONS),
    ("Các phòng, ban, ngành, đoàn thể huyện", SECTIONS | MASS),
    ("Ủy ban MTTQ Việt Nam và các tổ chức đoàn thể huyện", MASS | {FRONT}),
    ("Uỷ ban MTTQ Việt Nam huyện và các đoàn thể", MASS | {FRONT}),
    ("các tổ chức chính trị - xã hội", MASS),
    ("Ủy ban nhân dân các xã", COMMUNES),
    ("UBND các xã, thị trấn", ALL_COMMUNES),
    ("Ủy ban nhân dân xã, thị trấn", ALL_COMMUNES),
    ("Chủ tịch UBND các xã, thị trấn", ALL_COMMUNES),
    ("UBND cấp xã", ALL_COMMUNES),
    ("UBND 02 xã, 01 thị trấn trên địa bàn huyện", ALL_COMMUNES),
    ("Đài truyền thanh các xã", {"Đài truyền thanh xã suối đá", "Đài truyền thanh xã bến tranh"}),
    ("Công an các xã", {"Công an xã Suối Đá", "Công an xã Bến Tranh"}),
    ("Trạm Y tế các xã", {"Trạm Y tế xã Suối Đá", "Trạm Y tế xã Bến Tranh"}),
    ("Các trường học trên địa bàn", {"Trường Tiểu học Suối Đá"}),
    ("Trưởng các thôn", HAMLETS),
    ("Các trưởng thôn", HAMLETS),
    ("Trưởng 06 thôn", HAMLETS),
    ("Tổ công nghệ số cộng đồng", TEAMS),
    ("các Tổ công tác Đề án 06/CP và Công nghệ số cộng đồng trên địa bàn", TEAMS | TEAMS_06),
])
def test_a_class_of_places_is_all_its_members(phrase: str, names: set[str]) -> None:
    assert _read(phrase) == (names, ())


def test_teams_of_hamlets_are_those_of_hamlets_that_have_one() -> None:
    found, unresolved = _read("Tổ công nghệ số cộng đồng của thôn")
    assert found == TEAMS
    assert len(unresolved) == len(HAMLETS) - len(TEAMS)


@pytest.mark.parametrize("phrase", [
    "Thủ trưởng các cơ quan, đơn vị", "Các cơ quan, đơn vị", "các đơn vị", "Như trên",
    "Thủ trưởng các đơn vị, trường học",
])
def test_the_heads_of_agencies_are_those_the_letter_is_addressed_to(phrase: str) -> None:
    assert _read(phrase) == (ADDRESSED, ())


def test_nobody_is_meant_by_the_agencies_of_a_letter_addressed_to_nobody() -> None:
    assert resolve("Các cơ quan, đơn vị", TREE, _IDS["Huyện Đồi Xanh"]).unresolved == ("Các cơ quan, đơn vị",)


@pytest.mark.parametrize(("phrase", "names"), [
    ("Công an huyện; Phòng Y tế, UBND các xã", COMMUNES | {POLICE, HEALTH}),
    ("Sở Văn hóa, Thể thao và Du lịch, Sở Tài chính", {"Sở Văn hóa, Thể thao và Du lịch", "Sở Tài chính"}),
    ("Các sở: Tài chính, Khoa học và Công nghệ", {"Sở Tài chính", "Sở Khoa học và Công nghệ"}),
    ("Các Phòng: Y tế, Văn hóa và Thông tin", {HEALTH, CULTURE}),
    ("UBND xã Suối Đá, Bến Tranh", COMMUNES),
    ("UBND các xã, thị trấn Đồi Xanh", ALL_COMMUNES),
])
def test_a_list_is_read_part_by_part(phrase: str, names: set[str]) -> None:
    assert _read(phrase) == (names, ())


@pytest.mark.parametrize("phrase", [
    "UBND các xã, thị trấn (trừ xã Suối Đá)", "UBND các xã, thị trấn (trừ Suối Đá)",
    "UBND các xã, thị trấn, trừ UBND xã Suối Đá", "UBND các xã, thị trấn (ngoại trừ xã Suối Đá)",
])
def test_exceptions_are_taken_out(phrase: str) -> None:
    assert _read(phrase) == (ALL_COMMUNES - {"Ủy ban nhân dân xã suối đá"}, ())


def test_an_exception_nobody_knows_is_asked_about() -> None:
    assert _read("UBND các xã (trừ xã Mây Bay)") == (COMMUNES, ("xã Mây Bay",))


@pytest.mark.parametrize("phrase", [
    "Đài phát thanh", "Đài truyền thanh", "UBND xã", "Công an xã", "UBND 21 xã", "UBND các phường", "Trưởng 12 thôn",
    "Các phòng, ban liên quan", "các đơn vị có liên quan", "VNPT, Viettel, MobiFone", "CT, các PCT UBND huyện", "Ban",
    "Phó Chủ tịch UBND huyện", "Nhà trường", "Sở Tài", "các ấp", "Tổ trưởng các tổ dân phố", "",
])
def test_what_names_nothing_or_could_name_several_is_left_to_the_officer(phrase: str) -> None:
    found, unresolved = _read(phrase)
    assert found == set()
    assert unresolved == (phrase,) or not phrase


def test_only_the_unknown_part_of_a_list_is_asked_about() -> None:
    found, unresolved = _read("Công an huyện; Đài phát thanh và VNPT; Phòng Y tế")
    assert found == {POLICE, HEALTH}
    assert unresolved == ("Đài phát thanh và VNPT",)


def test_a_locality_where_the_class_has_nobody_is_asked_about() -> None:
    found, unresolved = _read("Công an các xã, thị trấn")
    assert found == {"Công an xã Suối Đá", "Công an xã Bến Tranh"}
    assert unresolved == ("Công an các xã, thị trấn (Thị trấn Đồi Xanh)",)


@pytest.mark.parametrize(("phrase", "names"), [
    ("UBND các huyện, thành phố", {"Ủy ban nhân dân thành phố Lam Giang", "Ủy ban nhân dân huyện Đồi Xanh"}),
    ("UBND các huyện, thị xã, thành phố", {"Ủy ban nhân dân thành phố Lam Giang", "Ủy ban nhân dân huyện Đồi Xanh"}),
    ("Các sở, ban, ngành của tỉnh", {"Sở Tài chính", "Sở Khoa học và Công nghệ", "Sở Văn hóa, Thể thao và Du lịch"}),
    ("Giám đốc Công an tỉnh", {"Công an tỉnh"}),
    ("UBND các xã, phường, thị trấn", ALL_COMMUNES),
    ("UBND cấp huyện", {"Ủy ban nhân dân thành phố Lam Giang", "Ủy ban nhân dân huyện Đồi Xanh"}),
])
def test_a_province_speaks_to_its_own(phrase: str, names: set[str]) -> None:
    assert _read(phrase, "Tỉnh Sông Lam") == (names, ())


@pytest.mark.parametrize(("phrase", "names"), [
    ("UBND xã", {"Ủy ban nhân dân xã suối đá"}),
    ("Đài truyền thanh xã", {"Đài truyền thanh xã suối đá"}),
    ("Đài truyền thanh", {"Đài truyền thanh xã suối đá"}),
    ("Trạm Y tế", {"Trạm Y tế xã Suối Đá"}),
    ("Công an xã; Trưởng các thôn", {"Công an xã Suối Đá", "Thôn 1 Xã Suối Đá", "Thôn 2 Xã Suối Đá"}),
])
def test_a_commune_speaks_to_its_own(phrase: str, names: set[str]) -> None:
    assert _read(phrase, "Xã Suối Đá") == (names, ())


def test_keys_forget_accents_punctuation_and_abbreviations() -> None:
    assert key("Uỷ ban MTTQ Việt Nam") == key("Ủy ban Mặt trận Tổ quốc") == key("MTTQVN")
    assert key("Phòng VH&TT") == key("Phòng Văn hoá và Thông tin") != key("Phòng Văn hóa - Xã hội")
