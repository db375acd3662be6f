"""The pages of a letter as pictures, with a patch where each field was read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdfium2
from django.urls import reverse

from lantoa.letters.actions import Incoming, keep_original
from lantoa.letters.models import LetterPages
from lantoa.letters.rules.letter import Span
from lantoa.lib.extract.boxes import Boxes, PageView, WordBox
from lantoa.web.rules import Field, leaves_of
from lantoa.web.tests.builders import make_letter

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from lantoa.web.tests.builders import Cast, Land

BOXES = Boxes(
    (PageView(1.5), PageView(1.5)),
    (
        WordBox(0, 0, 3, 0.1, 0.10, 0.2, 0.12),
        WordBox(0, 4, 8, 0.3, 0.101, 0.5, 0.121),
        WordBox(0, 9, 12, 0.1, 0.14, 0.2, 0.16),
        WordBox(1, 13, 60, 0.1, 0.10, 0.2, 0.12),
    ),
)


def make_field(path: str, start: int, end: int, *doubts: str) -> Field:
    return Field(path, "", "", "x", Span(1, start, end, ""), doubts)


def test_a_field_has_a_patch_for_every_line_it_runs_over() -> None:
    first, second = leaves_of(BOXES, [make_field("subject", 0, 15, "Mờ.")])
    assert [(leaf.number, leaf.height) for leaf in (first, second)] == [(1, 1500), (2, 1500)]
    assert [(one.x, one.y, one.width, one.height) for one in first.patches] == [(97, 147, 406, 37), (97, 207, 106, 36)]
    assert len(second.patches) == 1
    assert first.patches[0].is_doubtful


def test_the_narrowest_field_lies_on_top() -> None:
    (leaf, _) = leaves_of(BOXES, [make_field("number", 4, 8), make_field("tasks[0]", 0, 12)])
    assert leaf.patches[-1].mark == "number"
    assert not leaf.patches[-1].is_doubtful


def test_the_page_shows_the_original_and_only_to_those_who_may_see_the_letter(
    client: Client, cast: Cast, land: Land, home: Path
) -> None:
    assert home
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(300, 450)
        out = io.BytesIO()
        document.save(out)
    kept = Incoming(out.getvalue(), "quet.pdf", "upload")
    keep_original(kept)
    row = make_letter(land.district, cast.officer, file_hash=kept.hash)
    LetterPages.objects.create(letter=row, boxes=BOXES.to_json())
    client.force_login(cast.officer)
    shown = client.get(reverse("confirm_letter", args=[row.pk])).content.decode()
    address = reverse("letter_page", args=[row.pk, 1])
    assert f'src="{address}"' in shown
    assert "<rect" in shown
    image = client.get(address)
    assert image["Content-Type"].startswith("image/")
    assert "private" in image["Cache-Control"]
    assert client.get(reverse("letter_page", args=[row.pk, 3])).status_code == 404
    client.force_login(cast.colleague)
    assert client.get(address).status_code == 404
