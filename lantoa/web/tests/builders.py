"""A small campaign with its fixed cast, made of rows: what a page shows is asked of pages, not of the actions."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from typing import Any

import pypdfium2
from django.utils import timezone

from lantoa.campaigns.models import Assignment, Campaign, Fact, Question, Task
from lantoa.content.models import Rendering
from lantoa.delivery.models import Correction, CorrectionAct, Delivery, Publication
from lantoa.evidence.models import Proof
from lantoa.field.models import Visit
from lantoa.letters.models import IncomingLetter
from lantoa.letters.rules.letter import CitedDocument, Doubt, Letter, LetterTask, Span
from lantoa.places.models import Place, User

TEXT = """ỦY BAN NHÂN DÂN
HUYỆN SÔNG MẪU

Số: 12/UBND-VHTT
Sông Mẫu, ngày 20 tháng 8 năm 2024

V/v tuyên truyền dừng công nghệ 2G

Kính gửi: Ủy ban nhân dân các xã.

1. Ủy ban nhân dân các xã tuyên truyền trên cổng thông tin điện tử và hệ thống truyền thanh.

2. Tổ công nghệ số cộng đồng đến từng nhà hỗ trợ người dân.

CHỦ TỊCH
Trần Văn Mẫu
"""
ARTICLE = """<!doctype html><html lang="vi"><head><title>Tắt sóng 2G</title>
<style>h1{color:#00474b}</style></head><body><main>
<article lang="vi"><header><p>Ủy ban nhân dân xã Bến Mẫu</p><h1>Điện thoại chỉ có 2G sắp dừng hoạt động</h1></header>
<div class="key"><p>Ngày dừng <strong>16/9/2024</strong></p></div><p class="lead">Hãy kiểm tra máy và đổi sớm.</p>
<section><h2>Hỏi - đáp</h2><h3>Có phải đổi SIM không?</h3><p>Không, chỉ đổi máy.</p></section>
</article></main></body></html>"""
# One white pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8ffff3f0005fe02fea735818b0000000049454e44ae426082"
)
PASSWORD = "mat-khau-de-thu-1"  # noqa: S105 - of test accounts
ON = dt.datetime(2024, 8, 21, 8, 5, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Cast:
    """Who signs in: in charge, of another place, of a unit, at the doors, and one who runs the machine."""

    officer: User
    colleague: User
    unit_officer: User
    field_worker: User
    leader: User


@dataclass(frozen=True)
class Land:
    """The places: a district with two communes, and another district."""

    district: Place
    communes: tuple[Place, Place]
    committees: tuple[Place, Place]
    hamlet: Place
    team: Place
    elsewhere: Place


def make_land() -> Land:
    kinds = Place.Kind
    district = Place.objects.create(code="d1", name="Huyện Sông Mẫu", kind=kinds.DISTRICT)
    elsewhere = Place.objects.create(code="d2", name="Huyện Núi Mẫu", kind=kinds.DISTRICT)
    names = ("Bến Mẫu", "Đồng Mẫu")
    communes = [
        Place.objects.create(code=f"c{i}", name=f"Xã {name}", kind=kinds.WARD, parent=district)
        for i, name in enumerate(names)
    ]
    committees = [
        Place.objects.create(
            code=f"{commune.code}-ub",
            name=f"Ủy ban nhân dân xã {name}",
            kind=kinds.COMMITTEE,
            parent=commune,
            phone="0225 388 1000",
            email="ubnd@songmau.gov.vn",
        )
        for commune, name in zip(communes, names, strict=True)
    ]
    hamlet = Place.objects.create(code="c0-t1", name="Thôn 1", kind=kinds.NEIGHBOURHOOD, parent=communes[0])
    team = Place.objects.create(code="c0-t1-cns", name="Tổ công nghệ số thôn 1", kind=kinds.DIGITAL_TEAM, parent=hamlet)
    return Land(district, (communes[0], communes[1]), (committees[0], committees[1]), hamlet, team, elsewhere)


def make_cast(land: Land) -> Cast:
    role = User.Role
    wanted = (
        ("can-bo", "Nguyễn Thị Phụ Trách", role.OFFICER, land.district),
        ("dong-nghiep", "Lê Văn Khác Huyện", role.OFFICER, land.elsewhere),
        ("xa", "Phạm Thị Xã", role.UNIT_OFFICER, land.communes[0]),
        ("to-vien", "Đỗ Văn Tổ Viên", role.FIELD_WORKER, land.team),
        ("lanh-dao", "Vũ Lãnh Đạo", role.LEADER, land.district),
    )
    return Cast(
        *(
            User.objects.create_user(username=username, password=PASSWORD, name=name, role=role, place=place)
            for username, name, role, place in wanted
        )
    )


def make_letter(book: Place, by: User | None = None, **changes: Any) -> IncomingLetter:
    def at(words: str) -> Span:
        start = TEXT.index(words)
        return Span(1, start, start + len(words), words)

    tasks = (
        LetterTask(
            "1", ("Ủy ban nhân dân các xã",), "Tuyên truyền trên cổng và truyền thanh", ("portal", "loudspeaker")
        ),
        LetterTask("2", ("Tổ công nghệ số cộng đồng",), "Đến từng nhà hỗ trợ người dân", ("door_to_door",)),
    )
    letter = Letter(
        doc_type="cong_van",
        issuer="Ủy ban nhân dân huyện Sông Mẫu",
        number="12",
        symbol="UBND-VHTT",
        place="Sông Mẫu",
        date="2024-08-20",
        subject="Tuyên truyền dừng công nghệ 2G",
        addressees=("Ủy ban nhân dân các xã",),
        tasks=tasks,
        cited_documents=(CitedDocument("1801/STTTT-BCVT", "2024-08-14", "Sở Thông tin và Truyền thông"),),
        signer_title="Chủ tịch",
        signer_name="Trần Văn Mẫu",
        spans={
            "number": at("12"),
            "symbol": at("UBND-VHTT"),
            "date": at("ngày 20 tháng 8 năm 2024"),
            "subject": at("tuyên truyền dừng công nghệ 2G"),
            "signer_name": at("Trần Văn Mẫu"),
            "addressees[0]": at("Ủy ban nhân dân các xã"),
            "tasks[0]": at(TEXT.split("\n")[10]),
            "tasks[1]": at(TEXT.split("\n")[12]),
        },
        doubts=(Doubt("tasks[0].deadline", "Văn bản không ghi thời hạn."),),
    )
    values: dict[str, Any] = {
        "book": book,
        "year": 2024,
        "ordinal": 7,
        "content": letter.to_json(),
        "subject": letter.subject or "",
        "by": by,
        "arrived_on": dt.date(2024, 8, 21),
        "text": TEXT,
        "text_hash": "t" * 64,
        "file_name": "cong-van-12.docx",
        "file_hash": "f" * 64,
        "page_starts": [0],
    }
    return IncomingLetter.objects.create(**values | changes)


def make_rendering(campaign: Campaign, place: Place, kind: str = "article", **changes: Any) -> Rendering:
    made: dict[str, tuple[str, str, bytes]] = {
        "article": ("bai-dang-cong.html", "text/html", ARTICLE.encode()),
        "social_image_wide": ("anh-ngang.png", "image/png", PNG),
        "sms": ("tin-nhan.txt", "text/plain", "Máy 2G dừng từ 16/9/2024.".encode()),
        "social_post": ("bai-mang-xa-hoi.txt", "text/plain", "Kính gửi {{name|quý vị}}: mời đổi máy.".encode()),
        "audio": ("ban-tin.mp3", "audio/mpeg", b"ID3"),
        "leaflet": ("to-roi-a5.pdf", "application/pdf", _pdf()),
    }
    file_name, media_type, content = made[kind]
    digest = hashlib.sha256(content + f"{kind}{place.pk}{changes}".encode()).hexdigest()
    values: dict[str, Any] = {
        "campaign": campaign,
        "kind": kind,
        "place": place,
        "hash": digest,
        "file_name": file_name,
        "media_type": media_type,
        "size": len(content),
        "title": "Điện thoại chỉ có 2G sắp dừng",
        "words": "Máy 2G dừng từ 16/9/2024.",
        "facts": {"cutoff_date": 1},
        "details": {"parts": 1} if kind == "sms" else {},
        "approved_at": ON,
    }
    row = Rendering.objects.create(**values | changes)
    row.path.parent.mkdir(parents=True, exist_ok=True)
    row.path.write_bytes(content)
    return row


def _pdf() -> bytes:
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(300, 420)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def make_campaign(land: Land, cast: Cast) -> Campaign:
    letter = make_letter(land.district, cast.officer)
    campaign = Campaign.objects.create(
        slug="tat-song-2g",
        title="Dừng công nghệ 2G – Huyện Sông Mẫu",
        letter=letter,
        pack="2g_shutdown",
        place=land.district,
        as_of=dt.date(2024, 8, 20),
        opened_by=cast.officer,
    )
    _facts(campaign, cast)
    tasks = [
        Task.objects.create(
            campaign=campaign,
            index=task.index or "",
            summary=task.actions_summary,
            assignee_phrases=list(task.assignees),
            channel_kinds=list(task.channels),
            span={"page": 1, "start": span.start, "end": span.end},
        )
        for task, span in zip(
            letter.letter.tasks, (letter.letter.spans["tasks[0]"], letter.letter.spans["tasks[1]"]), strict=True
        )
    ]
    given = [
        Assignment.objects.create(
            task=tasks[0], place=place, phrase="Ủy ban nhân dân các xã", due_on=dt.date(2024, 9, 1)
        )
        for place in land.committees
    ]
    given.append(
        Assignment.objects.create(task=tasks[1], place=land.team, phrase="Tổ công nghệ số cộng đồng", state="05")
    )
    Proof.objects.create(
        assignment=given[0], url="https://songmau.gov.vn/bai-1", by=cast.unit_officer, note="Bài trên cổng"
    )
    Question.objects.create(
        campaign=campaign, about="assignee", subject="các cơ quan, đơn vị", why="Chưa rõ là ai.", task=tasks[0]
    )
    Question.objects.create(
        campaign=campaign, about="letter", subject="tasks[0].deadline", why="Văn bản không ghi thời hạn."
    )
    Visit.objects.create(
        campaign=campaign,
        place=land.hamlet,
        household="Nhà ông Ba",
        result="told",
        visited_at=timezone.now(),
        device_key="00000000-0000-4000-8000-000000000001",
        by=cast.field_worker,
    )
    _exposures(campaign, land, given)
    return campaign


def _facts(campaign: Campaign, cast: Cast) -> None:
    Fact.objects.create(
        campaign=campaign,
        key="cutoff_date",
        version=1,
        kind="date",
        label="Ngày dừng 2G",
        value="2024-09-16",
        known_on=dt.date(2024, 4, 3),
        source="Thông tư 03/2024/TT-BTTTT",
        legal_basis="Thông tư 03/2024/TT-BTTTT",
        is_verified=True,
        confirmed_by=cast.officer,
    )
    Fact.objects.create(
        campaign=campaign,
        key="subscribers",
        version=1,
        kind="number",
        label="Số thuê bao chỉ dùng 2G",
        value="12345",
        unit="thuê bao",
        known_on=dt.date(2024, 8, 1),
        source="Báo cáo của nhà mạng",
    )
    Fact.objects.create(
        campaign=campaign,
        key="hotline",
        version=1,
        kind="phone",
        label="Tổng đài hỏi đáp",
        value=None,
        known_on=dt.date(2024, 8, 1),
        source="chưa có",
    )


def _exposures(campaign: Campaign, land: Land, given: list[Assignment]) -> None:
    for i, commune in enumerate(land.communes):
        article = make_rendering(campaign, commune)
        shared = {"campaign": campaign, "assignment": given[i], "channel": "folder", "state": "sent", "live_from": ON}
        Publication.objects.create(
            rendering=article,
            place=land.committees[i],
            channel_kind="portal",
            facts={"cutoff_date": 1},
            target=f"{commune.code}/bai.html",
            **shared,
        )
        leaflet = make_rendering(campaign, commune, "leaflet")
        Delivery.objects.create(
            rendering=leaflet,
            recipient=land.team,
            channel_kind="door_to_door",
            facts={"cutoff_date": 1},
            target=f"{commune.code}/to-roi.pdf",
            **shared,
        )
        for kind in ("sms", "audio", "social_image_wide"):
            make_rendering(campaign, commune, kind)


def make_plan(campaign: Campaign, by: User) -> Correction:
    """The date moved, and the plan that puts it right waits for a word."""
    old = Fact.objects.get(campaign=campaign, key="cutoff_date", version=1)
    new = Fact.objects.create(
        campaign=campaign,
        key=old.key,
        version=2,
        kind=old.kind,
        label=old.label,
        value="2024-10-16",
        is_verified=True,
        known_on=dt.date(2024, 9, 13),
        source="Thông tư 10/2024/TT-BTTTT",
        confirmed_by=by,
    )
    correction = Correction.objects.create(campaign=campaign, by=by)
    correction.facts.add(new)
    for publication in Publication.objects.filter(campaign=campaign):
        CorrectionAct.objects.create(correction=correction, act="replace", publication=publication)
    for delivery in Delivery.objects.filter(campaign=campaign):
        CorrectionAct.objects.create(correction=correction, act="task", delivery=delivery)
    return correction
