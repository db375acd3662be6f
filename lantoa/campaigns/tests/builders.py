"""A small campaign of our own, about rain gauges: its letter, its pack on disk and the campaign they open.

Its pack has no print and no sound unless a test adds them, so that a whole campaign takes a fraction of a second.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import TYPE_CHECKING, Any

from django.conf import settings

from lantoa.campaigns.actions import open_campaign, pack_for
from lantoa.letters.models import IncomingLetter
from lantoa.letters.rules.letter import CitedDocument, Letter, LetterTask

if TYPE_CHECKING:
    from pathlib import Path

    from lantoa.campaigns.models import Campaign
    from lantoa.places.models import Place
    from lantoa.places.tests.builders import Cast

OLD, NEW, LATER = "2025-06-07", "2025-07-05", "2025-08-02"
OLD_SHOWN, NEW_SHOWN, LATER_SHOWN = "07/6/2025", "05/7/2025", "02/8/2025"

FACTS = """
[start_date]
kind = "date"
label = "Ngày bắt đầu đo mưa"
[[start_date.version]]
value = 2025-06-07
known_on = 2025-05-01
source = "Kế hoạch đo mưa của huyện"
legal_basis = "Thông báo số 12/TB-UBND ngày 02/5/2025"
verified = true
[[start_date.version]]
value = 2025-07-05
known_on = 2025-06-01
source = "Kế hoạch đo mưa sửa đổi"
legal_basis = "Thông báo số 20/TB-UBND ngày 01/6/2025"
verified = true

[households]
kind = "number"
label = "Số hộ tham gia đo mưa"
unit = "hộ"
[[households.version]]
value = 1200
known_on = 2025-05-01
source = "Thống kê của huyện"
verified = true

[hotline]
kind = "phone"
label = "Số trực lũ"
[[hotline.version]]
known_on = 2025-05-01
source = "Chưa có: hỏi trạm khí tượng"
"""

MESSAGES = """
[title]
text = "Đo mưa từ ngày {start_date}"
[lead]
text = "Nhà ven sông {place} bắt đầu đọc thùng đo mưa từ {start_date|long}."
[numbers]
text = "Cả huyện có {households} hộ tham gia."
[figure]
text = "{start_date}"
[figure_label]
text = "Ngày bắt đầu"
[point]
title = "Đọc vạch"
text = "Mắt ngang mặt nước."
[call]
text = "Gọi {hotline} khi nước lên."
optional = true
[key]
text = "Bắt đầu đo mưa từ ngày {start_date}."
[message]
text = "Bắt đầu đo mưa từ ngày {start_date}. {publisher}"
[opening]
text = "Gửi các tổ tài liệu đo mưa, thực hiện từ ngày {start_date}."
[moved_title]
text = "Đính chính ngày bắt đầu đo mưa"
[moved_lead]
text = "Ngày bắt đầu đo mưa nay là {start_date}."
[update_title]
text = "Đính chính: {changed_label}"
[update_lead]
text = "{changed_label} nay là: {changed_value}."
[update_sms]
text = "{changed_label} nay là: {changed_value}. {publisher}"
"""

PACK = """
title = "Đo mưa"
topic_words = ["đo mưa", "thùng đo mưa"]
key_fact = "start_date"

[[piece]]
kind = "article"
audience = "residents"
[piece.slots]
title = ["title"]
lead = ["lead"]
text = ["numbers"]
key_figure = ["figure"]
key_label = ["figure_label"]
points = ["point"]
contacts = ["call"]

[[piece]]
kind = "social_post"
audience = "residents"
[piece.slots]
title = ["update_free"]
text = ["numbers"]

[[piece]]
kind = "sms"
audience = "residents"
[piece.slots]
text = ["message"]

[[piece]]
kind = "covering_letter"
audience = "teams"
[piece.slots]
title = ["title"]
lead = ["opening"]

[[piece]]
kind = "correction_notice"
audience = "residents"
about = "start_date"
[piece.slots]
title = ["moved_title"]
lead = ["moved_lead"]

[[piece]]
kind = "correction_notice"
audience = "residents"
[piece.slots]
title = ["update_title"]
lead = ["update_lead"]
"""

LEAFLET = """
[[piece]]
kind = "leaflet"
audience = "residents"
[piece.slots]
title = ["title"]
lead = ["lead"]
key_figure = ["figure"]
key_label = ["figure_label"]
points = ["point"]
"""

BULLETIN = """
[[piece]]
kind = "bulletin"
audience = "residents"
sentences = [{ message = "key", priority = 1, key = true }]
[piece.slots]
title = ["title"]
"""

_numbers = itertools.count(1)
EMAIL_PIECE = """
[[piece]]
kind = "email"
audience = "residents"
[piece.slots]
title = ["title"]
lead = ["lead"]
key_figure = ["figure"]
key_label = ["figure_label"]
points = ["point"]
"""
MESSAGE_PIECES = EMAIL_PIECE + """
[[piece]]
kind = "push"
audience = "residents"
[piece.slots]
title = ["title"]
text = ["message"]

[[piece]]
kind = "zns"
audience = "residents"
[piece.slots]
title = ["title"]
text = ["message"]
"""
"""Messages to many people: by e-mail, to browsers and by Zalo."""


def write_pack(folder: Path, *pieces: str) -> Path:
    """Write the pack `rain`, with these pieces more, into `folder`, which then holds all packs there are."""
    home = folder / "rain"
    home.mkdir(parents=True, exist_ok=True)
    (home / "pack.toml").write_text("\n".join((PACK, *pieces)), encoding="utf-8")
    (home / "facts.toml").write_text(FACTS, encoding="utf-8")
    free = '[update_free]\ntext = "Mỗi nhà một thùng đo mưa"\n'
    (home / "messages.toml").write_text(MESSAGES + free, encoding="utf-8")
    return folder


def build_letter(*tasks: LetterTask, **values: Any) -> Letter:
    """Make a letter of the district about rain gauges; by default the ward puts it on its portal and tells its team."""
    default = LetterTask(
        "1", ("Ủy ban nhân dân các phường",), "Đăng tin, gửi các tổ", ("portal", "community_digital_team")
    )
    values.setdefault("doc_type", "cong_van")
    values.setdefault("issuer", "Ủy ban nhân dân quận Bến Nghé")
    values.setdefault("date", "2025-05-10")
    values.setdefault("subject", "Tuyên truyền đo mưa")
    values.setdefault("cited_documents", (CitedDocument("7/CV", "2025-05-02", "Sở Nông nghiệp"),))
    return Letter(tasks=tasks or (default,), **values)


def make_letter(book: Place, letter: Letter | None = None, text: str = "Văn bản về đo mưa.") -> IncomingLetter:
    """Put a letter into the register of `book`."""
    letter, number = letter or build_letter(), next(_numbers)
    digest = hashlib.sha256(f"{text}{number}".encode()).hexdigest()
    return IncomingLetter.objects.create(
        book=book,
        year=2025,
        ordinal=number,
        content=letter.to_json(),
        subject=letter.subject or "",
        text=text,
        arrived_on=dt.date(2025, 5, 12),
        text_hash=digest,
        file_name="van-ban.txt",
        file_hash=digest,
    )


def make_campaign(cast: Cast, *tasks: LetterTask, pieces: tuple[str, ...] = (), **values: Any) -> Campaign:
    """Open the campaign of a letter with these tasks; `pieces` are added to its pack."""
    settings.LANTOA_PACKS = write_pack(settings.LANTOA_HOME / "packs", *pieces)
    letter = build_letter(*tasks, **values)
    return open_campaign(make_letter(cast.district, letter), cast.district, pack_for(letter), cast.officer)
