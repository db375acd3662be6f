from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lantoa.campaigns.rules.pack import FORM_LABELS, PackError
from lantoa.campaigns.rules.pack_loading import load_pack
from lantoa.campaigns.rules.tests.conftest import AFTER_THE_CHANGE, PACKS, WORDS, values
from lantoa.campaigns.rules.tests.guide import write_guide_pack
from lantoa.campaigns.rules.wording import FactValue, Way, fill_piece, show
from lantoa.content.makers.words import VIETNAMESE
from lantoa.content.rules.composing import Ground, compose_piece

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.campaigns.rules.pack import Pack

HEAD = 'name = "Thứ tiếng thử"\nsource = "Bà Lò Thị Mẩy, bản Thử"\nnote = "(tiếng Việt)"\n'


def write_language(folder: Path, text: str, code: str = "tyz") -> Path:
    labels = {label: label for label in FORM_LABELS} | {
        "greeting": "{name},", "page": "{page}/{pages}", "qr_alt": "{url}", "true_on": "{date}.",
    }
    lines = "\n".join(f'{label} = "[{word}]"' for label, word in labels.items())
    (folder / "languages" / f"{code}.toml").write_text(f"{HEAD}[labels]\n{lines}\n{text}", encoding="utf-8")
    return folder


HEART = """
[message.title]
text = "[title] {vaccination_date}"
[message.lead]
text = "[lead] {vaccination_date|long}"
[message.figure_label]
text = "[label]"
[message.warning]
text = "[warning]"
"""


def ground(pack: Pack, language: str) -> Ground:
    return Ground(pack, values(pack, pack.facts[0].known_on), WORDS, "2027-02-15", language=language)


def test_a_minority_language_is_one_file_and_dates_are_written_in_figures(tmp_path: Path) -> None:
    pack = load_pack(write_language(write_guide_pack(tmp_path), HEART))
    composed = compose_piece(ground(pack, "tyz"), "article")
    assert composed is not None
    assert (composed.piece.language, composed.piece.title) == ("tyz", "[title] 06/3/2027")
    assert composed.piece.lead == "[lead] 06/3/2027"
    assert composed.piece.labels["warning"] == "[warning]"


def test_what_it_lacks_stands_in_vietnamese_with_its_note(tmp_path: Path) -> None:
    pack = load_pack(write_language(write_guide_pack(tmp_path), HEART))
    composed = compose_piece(ground(pack, "tyz"), "article")
    assert composed is not None
    assert composed.piece.points[1].text.startswith("Rọ mõm và xích chó")
    assert composed.piece.text.endswith("(tiếng Việt)")


def test_a_piece_whose_heart_is_not_translated_stays_vietnamese(tmp_path: Path) -> None:
    pack = load_pack(write_language(write_guide_pack(tmp_path), HEART.replace("[message.warning]", "[message.vet]")))
    assert compose_piece(ground(pack, "tyz"), "article") is None
    assert compose_piece(ground(pack, "vi"), "article") is not None


def test_a_language_of_its_own_forms_must_bring_all_of_their_words(tmp_path: Path) -> None:
    folder = write_language(write_guide_pack(tmp_path), HEART)
    path = folder / "languages" / "tyz.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('warning = "[warning]"', ""), encoding="utf-8")
    with pytest.raises(PackError, match=r"languages/tyz\.toml: phần \[labels\] thiếu warning"):
        load_pack(folder)


def test_the_name_of_the_file_is_a_language_code(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"languages/tieng-tay\.toml: tên tệp là mã ISO 639"):
        load_pack(write_language(write_guide_pack(tmp_path), HEART, "tieng-tay"))


def test_the_words_asked_of_a_language_are_those_of_the_forms() -> None:
    assert set(FORM_LABELS) == set(VIETNAMESE)


def test_a_value_in_words_is_shown_in_the_words_written_for_it_and_never_for_another() -> None:
    shutdown = load_pack(PACKS / "2g_shutdown")
    piece = shutdown.piece("article")
    assert piece is not None
    facts = values(shutdown, AFTER_THE_CHANGE)

    def told(facts: dict[str, FactValue]) -> str:
        questions = fill_piece(shutdown, piece, facts, WORDS, Way("en")).slots["questions"]
        return next(one.text for one in questions if one.key == "q_islands")

    assert told(facts).startswith("The 2G stop does not apply on the Trường Sa and Hoàng Sa archipelagos")
    changed = facts | {"exempt_places": replace(facts["exempt_places"], value="đảo Thử")}
    assert told(changed).startswith("Việc dừng không áp dụng cho đảo Thử")


@pytest.mark.parametrize("name", ["2g_shutdown", "volte_readiness"])
def test_the_article_of_our_packs_is_whole_in_english(name: str) -> None:
    pack = load_pack(PACKS / name)
    piece, facts = pack.piece("article"), values(pack, AFTER_THE_CHANGE)
    assert piece is not None
    for phase in (None, *pack.phases):
        assert fill_piece(pack, piece, facts, WORDS, Way("en", phase)).untranslated == ()


@pytest.mark.parametrize(("kind", "value", "filters", "printed"), [
    ("date", "2027-03-06", (), "06/3/2027"), ("date", "2027-03-06", ("long",), "06/3/2027"),
    ("date", "2027-03-06", ("day_month",), "06/3"), ("month", "2028-09", ("long",), "9/2028"),
    ("number", "1250", (), "1.250"), ("money", "15000", (), "VND 15.000"),
])
def test_another_language_writes_figures_as_they_are_written_here(
    kind: str, value: str, filters: tuple[str, ...], printed: str,
) -> None:
    assert show(FactValue(kind, value), filters, "tyz") == printed
