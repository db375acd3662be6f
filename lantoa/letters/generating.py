"""Made-up letters, each fixed by its seed: for the reader's and writer's own checks, for benches and rehearsals.

They are built from the tables below, name no real person, and cover all types, levels of government, channels,
forms of deadline, report clauses and signing forms.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from random import Random

from lantoa.letters.rules.checking import ADDRESSED_TYPES, TYPE_ABBREVIATIONS
from lantoa.letters.rules.letter import DOC_TYPES, CitedDocument, Letter, LetterTask


@dataclass(frozen=True, slots=True)
class _Office:
    """An issuer: its printed names, the codes of its symbol, and who signs for it."""

    issuer: str
    parent: str | None
    code: str
    drafters: tuple[str, ...]
    place: str
    signing: tuple[tuple[str | None, str], ...]
    above: str
    below: tuple[str, ...]
    self_name: str


_PROVINCES = ("Bắc Giang", "Hà Tĩnh", "Quảng Trị", "Lâm Đồng", "Tây Ninh", "Cà Mau", "Sơn La", "Ninh Bình")
_CITIES = ("Hải Phòng", "Đà Nẵng", "Cần Thơ")
_DISTRICTS = ("quận Hải Khê", "huyện Tân Lạc Sơn", "thị xã Bình Minh Đông", "huyện An Thạnh", "quận Đông Kinh")
_WARDS = ("phường Hòa Khánh", "xã Tân Phong", "phường An Lạc", "xã Vĩnh Thuận", "phường Long Biên Thượng",
          "đặc khu Côn Sơn")
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
_MIDDLES = ("Văn", "Thị", "Minh", "Thị Thu", "Quốc", "Ngọc", "Hữu", "Thanh", "Đức", "Xuân")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Hùng", "Khánh", "Lan", "Mai", "Nam", "Phúc", "Quỳnh", "Sơn",
          "Tâm", "Uyên", "Yến")

_COMMITTEE = (
    ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), ("TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), ("TL. CHỦ TỊCH / KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
    ("TUQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), ("TM. ỦY BAN NHÂN DÂN / Q. CHỦ TỊCH", "Q. CHỦ TỊCH"),
)
_DIRECTOR = ((None, "GIÁM ĐỐC"), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), ("TUQ. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"))
_MINISTER = ((None, "BỘ TRƯỞNG"), ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"), ("TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"))
_HEAD = ((None, "TRƯỞNG PHÒNG"), ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"))
_PRINCIPAL = ((None, "HIỆU TRƯỞNG"), ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"))

_MINISTRIES = (("Bộ Khoa học và Công nghệ", "BKHCN"), ("Bộ Y tế", "BYT"), ("Bộ Công Thương", "BCT"))
_DEPARTMENTS = (
    ("Sở Thông tin và Truyền thông", "STTTT", ("BCVT", "TTBCXB")), ("Sở Y tế", "SYT", ("NVY", "VP")),
    ("Sở Khoa học và Công nghệ", "SKHCN", ("BCVT", "CĐS")), ("Sở Giáo dục và Đào tạo", "SGDĐT", ("CTTT", "VP")),
)
_OFFICES = (("Phòng Văn hóa và Thông tin", "VHTT"), ("Phòng Kinh tế", "KT"), ("Phòng Tài nguyên và Môi trường", "TNMT"))


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a campaign is about: its subject, and what it is for."""

    name: str
    purpose: str


_TOPICS = (
    _Topic("lộ trình dừng công nghệ di động 2G",
           "Giúp người dân còn dùng điện thoại 2G chuyển đổi thiết bị kịp thời, không bị gián đoạn liên lạc"),
    _Topic("tài khoản định danh điện tử mức độ 2",
           "Hoàn thành chỉ tiêu kích hoạt tài khoản định danh điện tử cho người dân từ đủ 14 tuổi trở lên"),
    _Topic("phân loại chất thải rắn sinh hoạt tại nguồn",
           "Hình thành thói quen phân loại rác trong mỗi gia đình, giảm lượng rác phải chôn lấp"),
    _Topic("công tác tiêm chủng mở rộng", "Bảo đảm trẻ em trong độ tuổi được tiêm đủ mũi, đúng lịch"),
    _Topic("phòng, chống lừa đảo trên không gian mạng",
           "Nâng cao cảnh giác của người dân trước các thủ đoạn chiếm đoạt tài sản qua điện thoại và Internet"),
    _Topic("phòng cháy, chữa cháy trong mùa nắng nóng",
           "Ngăn ngừa cháy lớn tại khu dân cư, nhà ở kết hợp kinh doanh"),
    _Topic("bảo hiểm y tế hộ gia đình", "Tăng số người tham gia bảo hiểm y tế tự nguyện trên địa bàn"),
    _Topic("phòng, chống dịch sốt xuất huyết", "Chủ động diệt lăng quăng, không để dịch lan rộng"),
)

# Summary, the channels it names itself, and channels that go with it and are named by the writer.
_ACTIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Đăng tải nội dung về {topic} trên Cổng thông tin điện tử và fanpage của đơn vị",
     ("portal", "fanpage"), ("zalo",)),
    ("Phát bản tin về {topic} trên hệ thống truyền thanh cơ sở", ("loudspeaker",), ("electronic_board",)),
    ("Đưa nội dung về {topic} lên hệ thống thông tin cơ sở", ("grassroots_information_system",), ("loudspeaker",)),
    ("Phổ biến tài liệu về {topic}", ("staff_meeting",), ("staff_meeting",)),
    ("Gửi tài liệu về {topic} tới Tổ công tác Đề án 06 và Tổ công nghệ số cộng đồng",
     ("project06_team", "community_digital_team"), ("door_to_door",)),
    ("Chia sẻ nội dung về {topic} trong các nhóm Zalo của thôn, tổ dân phố", ("zalo",), ("residents_meeting",)),
    ("Đăng bài về {topic} trên mạng xã hội", ("social_network",), ("portal",)),
    ("Treo băng rôn, áp phích về {topic} tại nơi công cộng", ("poster_banner",), ("leaflet",)),
    ("Cấp phát tờ rơi về {topic} cho các hộ", ("leaflet",), ("door_to_door",)),
    ("Xây dựng chuyên mục về {topic} trên sóng phát thanh, truyền hình", ("tv_radio",), ("press",)),
    ("Cung cấp thông tin về {topic} cho các cơ quan báo chí", ("press",), ("hotline",)),
    ("Gửi tin nhắn SMS về {topic} tới thuê bao trên địa bàn", ("sms",), ("hotline",)),
    ("Hướng dẫn nội dung về {topic} trong các trường học", ("school",), ()),
    ("Trình chiếu nội dung về {topic} trên bảng điện tử", ("electronic_board",), ("poster_banner",)),
    ("Lập danh sách hộ cần hỗ trợ", (), ()),
    ("Rà soát, bố trí kinh phí thực hiện", (), ()),
)
_SECTIONED = frozenset({"ke_hoach", "chuong_trinh_phoi_hop"})
"""Types customarily set out in sections `I.` (purpose) and `II.` (work)."""
_UNTIMED = ("ít nhất 01 lần/tuần", "ít nhất 02 lần/ngày", "hằng tuần", "trong quý IV/2026")
_EVIDENCE = ("hình ảnh, số liệu", "danh sách hộ đã hỗ trợ", "biên bản họp")
_ATTACHMENTS = ("nội dung tuyên truyền", "mẫu báo cáo kết quả", "danh sách hộ dân", "tài liệu hỏi đáp")
_CODES = {"Thủ tướng Chính phủ": "TTg", "Bộ Khoa học và Công nghệ": "BKHCN", "Sở Khoa học và Công nghệ": "SKHCN",
          "Sở Thông tin và Truyền thông": "STTTT"}
_CITED = ("KH", "CT", "QĐ", "TB", "")


def generate_letter(seed: int) -> Letter:
    """Return the letter of this seed; the same seed always gives the same letter."""
    random = Random(seed)  # noqa: S311 - made-up letters need repetition, not secrecy
    doc_type = DOC_TYPES[seed % len(DOC_TYPES)]
    office = random.choice((_ministry, _province, _department, _district, _office, _ward, _school))(random)
    topic = random.choice(_TOPICS)
    issued = dt.date(2024, 1, 1) + dt.timedelta(days=random.randrange(900))
    authority, title = random.choice(office.signing)
    number, date, partial = _number_and_date(random, issued)
    drafter = random.choice(office.drafters)
    return Letter(
        doc_type=doc_type, issuer=office.issuer, parent_issuer=office.parent, number=number,
        symbol=_symbol(doc_type, office, drafter), place=office.place, date=date, date_partial=partial,
        subject=_subject(random, doc_type, topic),
        addressees=_addressees(random, office) if doc_type in ADDRESSED_TYPES - {"other"} else (),
        cited_documents=_cited(random, office, issued, topic), purpose=_purpose(random, doc_type, topic),
        tasks=_tasks(_Draft(random, office, issued, topic), doc_type),
        attachments=tuple(random.sample(_ATTACHMENTS, random.choice((0, 0, 1, 2)))),
        recipients_lines=_recipients(random, doc_type, office, drafter), signing_authority=authority,
        signer_title=title or None, signer_name=_person(random),
    )


# The offices, from the ministry down to the school.

def _ministry(random: Random) -> _Office:
    issuer, code = random.choice(_MINISTRIES)
    return _Office(issuer, None, code, ("VP", "TTra"), "Hà Nội", _MINISTER, "Thủ tướng Chính phủ",
                   ("Ủy ban nhân dân các tỉnh, thành phố", "Các doanh nghiệp viễn thông", "Các cục, vụ thuộc Bộ"),
                   issuer)


def _top(random: Random) -> str:
    return random.choice([f"tỉnh {name}" for name in _PROVINCES] + [f"thành phố {name}" for name in _CITIES])


def _province(random: Random) -> _Office:
    unit = _top(random)
    kind = unit.rsplit(" ", 2)[0] if unit.startswith("thành phố") else "tỉnh"
    return _Office(f"Ủy ban nhân dân {unit}", None, "UBND", ("KGVX", "VX", "NC"), _name_of(unit), _COMMITTEE,
                   "Bộ Khoa học và Công nghệ",
                   (f"Các sở, ban, ngành {kind}", "Ủy ban nhân dân các xã, phường", f"Công an {kind}"),
                   f"Ủy ban nhân dân {kind}")


def _name_of(unit: str) -> str:
    for kind in ("tỉnh ", "thành phố ", "quận ", "huyện ", "thị xã ", "phường ", "xã ", "đặc khu "):
        if unit.startswith(kind):
            return unit.removeprefix(kind)
    return unit


def _department(random: Random) -> _Office:
    unit = _top(random)
    name, code, drafters = random.choice(_DEPARTMENTS)
    return _Office(f"{name} {unit}", f"Ủy ban nhân dân {unit}", code, drafters, _name_of(unit), _DIRECTOR,
                   f"Ủy ban nhân dân {unit}",
                   ("Ủy ban nhân dân các xã, phường", "Trung tâm Phục vụ hành chính công", "Các đơn vị trực thuộc Sở"),
                   name)


def _district(random: Random) -> _Office:
    unit = random.choice(_DISTRICTS)
    kind = "thị xã" if unit.startswith("thị xã") else unit.split(" ", 1)[0]
    return _Office(f"Ủy ban nhân dân {unit}", None, "UBND", ("VHTT", "KT", "NV"), _name_of(unit), _COMMITTEE,
                   "Sở Thông tin và Truyền thông",
                   ("Thủ trưởng các cơ quan, đơn vị", f"Văn phòng HĐND và UBND {kind}",
                    "Ủy ban nhân dân các phường, xã",
                    f"Công an {kind}"), f"Ủy ban nhân dân {kind}")


def _office(random: Random) -> _Office:
    unit = random.choice(_DISTRICTS)
    name, code = random.choice(_OFFICES)
    return _Office(f"{name} {unit}", f"Ủy ban nhân dân {unit}", f"P{code}", ("VP",), _name_of(unit), _HEAD,
                   f"Ủy ban nhân dân {unit}", ("Ủy ban nhân dân các phường, xã", "Các đơn vị sự nghiệp"), name)


def _ward(random: Random) -> _Office:
    unit = random.choice(_WARDS)
    kind = "đặc khu" if unit.startswith("đặc khu") else unit.split(" ", 1)[0]
    return _Office(f"Ủy ban nhân dân {unit}", None, "UBND", ("VHXH", "VP", "KT"), _name_of(unit), _COMMITTEE[:2],
                   "Sở Khoa học và Công nghệ",
                   ("Phòng Văn hóa - Xã hội", f"Công an {kind}", "Trung tâm Phục vụ hành chính công",
                    "Tổ trưởng các tổ dân phố"), f"Ủy ban nhân dân {kind}")


def _school(random: Random) -> _Office:
    unit = random.choice(_WARDS)
    return _Office(f"Trường Trung học cơ sở {_name_of(unit)}", f"Ủy ban nhân dân {unit}", "THCS", ("TCM",),
                   _name_of(unit), _PRINCIPAL, f"Ủy ban nhân dân {unit}",
                   ("Các tổ chuyên môn", "Công đoàn cơ sở", "Tổ Văn phòng"), "Ban Giám hiệu")


# The fields.

def _number_and_date(random: Random, issued: dt.date) -> tuple[str | None, str | None, str | None]:
    """Most letters are numbered and dated; drafts leave number and day, or day and month, to be filled in."""
    draft = random.random()
    if draft < 0.08:
        return None, None, f"{issued.year}"
    if draft < 0.16:
        return None, None, f"{issued.year}-{issued.month:02d}"
    return f"{random.randrange(1, 2400):02d}", issued.isoformat(), None


def _symbol(doc_type: str, office: _Office, drafter: str) -> str:
    if doc_type == "cong_van":
        return f"{office.code}-{drafter}"
    return f"{TYPE_ABBREVIATIONS.get(doc_type, 'PA')}-{office.code}"


def _subject(random: Random, doc_type: str, topic: _Topic) -> str:
    if doc_type == "cong_van":
        return f"{random.choice(('tăng cường thông tin về', 'đẩy mạnh truyền thông về'))} {topic.name}"
    opening = random.choice(("Về việc đẩy mạnh truyền thông về", "Truyền thông về", "Triển khai công tác thông tin về"))
    return f"{opening} {topic.name}"


def _addressees(random: Random, office: _Office) -> tuple[str, ...]:
    return tuple(random.sample(office.below, random.randrange(1, len(office.below) + 1)))


def _purpose(random: Random, doc_type: str, topic: _Topic) -> str | None:
    certain = doc_type in _SECTIONED
    return topic.purpose if certain or (doc_type != "quyet_dinh" and random.random() < 0.8) else None


def _cited(random: Random, office: _Office, issued: dt.date, topic: _Topic) -> tuple[CitedDocument, ...]:
    codes = _CODES.get(office.above, "UBND")
    return tuple(_one_cited(random, codes, office.above, issued, topic) for _ in range(random.choice((0, 1, 1, 2))))


def _one_cited(random: Random, code: str, issuer: str, issued: dt.date, topic: _Topic) -> CitedDocument:
    kind = random.choice(_CITED)
    symbol = f"{kind}-{code}" if kind else f"{code}-VP"
    day = issued - dt.timedelta(days=random.randrange(3, 90))
    return CitedDocument(
        number_symbol=f"{random.randrange(10, 3000)}/{symbol}", date=day.isoformat(), issuer=issuer,
        title=f"về việc {random.choice(('triển khai', 'tăng cường', 'chỉ đạo'))} {topic.name}",
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the tasks of one letter have to agree with."""

    random: Random
    office: _Office
    issued: dt.date
    topic: _Topic


def _tasks(draft: _Draft, doc_type: str) -> tuple[LetterTask, ...]:
    random, below = draft.random, draft.office.below
    actors = random.sample(below, random.randrange(1, len(below) + 1))
    before = "Điều " if doc_type == "quyet_dinh" else "II." if doc_type in _SECTIONED and random.random() < 0.5 else ""
    tasks: list[LetterTask] = []
    for place, actor in enumerate(actors, start=1):
        other = random.choice(below) if random.random() < 0.15 else actor
        assignees = tuple(dict.fromkeys((actor, other)))
        tasks += [_task(draft, index, assignees) for index in _indexes(random, f"{before}{place}")]
    if random.random() < 0.4:
        tasks.append(_report_task(draft))
    return tuple(tasks)


def _indexes(random: Random, number: str) -> list[str]:
    """Return the numbers of one actor's orders: `2`, or `2.1` and `2.2`, or `2.a`, `2.b` and on to `2.đ`."""
    count = random.choice((1, 1, 2, 3, 5))
    if count == 1:
        return [number]
    marks = "abcdđ" if random.random() < 0.5 else "12345"
    return [f"{number}.{mark}" for mark in marks[:count]]


def _task(draft: _Draft, index: str, assignees: tuple[str, ...]) -> LetterTask:
    random = draft.random
    summary, named, extra = random.choice(_ACTIONS)
    added = extra if extra == named or random.random() < 0.4 else ()
    task = LetterTask(
        index=index, assignees=assignees, actions_summary=summary.format(topic=draft.topic.name),
        channels=tuple(dict.fromkeys((*named, *added))), deadline=_deadline(random, draft.issued),
    )
    return _with_report(draft, task) if random.random() < 0.25 else task


def _with_report(draft: _Draft, task: LetterTask) -> LetterTask:
    return replace(
        task, evidence=draft.random.choice((None, *_EVIDENCE)), report_to=_report_to(draft),
        report_deadline=_later(draft.random, draft.issued),
    )


def _report_task(draft: _Draft) -> LetterTask:
    everyone = draft.random.choice(("Các cơ quan, đơn vị", "Các đơn vị"))
    return _with_report(draft, LetterTask(index="end", assignees=(everyone,), actions_summary="Báo cáo kết quả"))


def _report_to(draft: _Draft) -> str:
    through = draft.random.choice((None, "Văn phòng", "Phòng Văn hóa - Xã hội"))
    return f"{draft.office.self_name} (qua {through})" if through else draft.office.self_name


def _later(random: Random, issued: dt.date) -> str:
    return (issued + dt.timedelta(days=random.randrange(5, 60))).isoformat()


def _deadline(random: Random, issued: dt.date) -> str | None:
    kind = random.randrange(6)
    if kind < 2:
        return None
    if kind == 2:
        return random.choice(_UNTIMED)
    if kind == 3:
        first = issued + dt.timedelta(days=random.randrange(1, 20))
        return f"{first.isoformat()}/{(first + dt.timedelta(days=random.randrange(5, 60))).isoformat()}"
    return _later(random, issued)


def _recipients(random: Random, doc_type: str, office: _Office, drafter: str) -> tuple[str, ...]:
    first = "Như Điều 3" if doc_type == "quyet_dinh" else "Như trên" if doc_type in ADDRESSED_TYPES else office.below[0]
    others = random.sample((f"{office.above} (để b/c)", "Lãnh đạo cơ quan", "Cổng TTĐT"), random.randrange(3))
    return (first, *others, f"Lưu: VT, {drafter}")


def _person(random: Random) -> str:
    return f"{random.choice(_SURNAMES)} {random.choice(_MIDDLES)} {random.choice(_GIVEN)}"
