"""Through which channels a task tells people: the closed list of the schema, from the words that name each."""

from __future__ import annotations

import functools
import re

# A look behind stands after its word (`loa(?<!\wloa)`): patterns whose branches all begin with letters are faster.
_CHANNELS: tuple[tuple[str, str], ...] = (
    (
        "portal",
        (
            r"cong(?:/trang)? thong tin|trang thong tin dien tu|(?:cong|trang) ttdt|website|trang tin dien tu"
            r"|trang web"
        ),
    ),
    ("fanpage", r"fanpage|trang facebook"),
    ("social_network", r"mang xa hoi|facebook(?<!trang facebook)|youtube|tiktok"),
    ("zalo", r"zalo"),
    ("grassroots_information_system", r"thong tin co so"),
    (
        "loudspeaker",
        (
            r"truyen thanh|loa(?<!\wloa)\b(?! dai)|he thong phat thanh|phat thanh"
            r"(?<!song phat thanh)(?<!dai phat thanh)(?<!bai phat thanh)(?!,? truyen hinh"
            r"| va truyen hinh| mang non|-)"
            r"|(?:phat|phat cac) ban tin|bai phat thanh, phat|khung gio \d"
        ),
    ),
    ("press", r"bao chi|tin, bai|phong su|thong tin dai chung|ban tin suc khoe|co quan bao"),
    ("tv_radio", r"truyen hinh|song phat thanh|thong tin dai chung|dai phat thanh|phat thanh[ ,-]+truyen hinh"),
    ("community_digital_team", r"cong nghe so"),
    ("project06_team", r"to(?<!\wto)\b[^.;]{0,40}(?:de an|da) ?06|to 06"),
    (
        "staff_meeting",
        (
            r"(?:pho bien|quan triet|thong bao|tuyen truyen|giao duc|lanh dao|phat dong)\b[^.;]{0,90}(?:can bo"
            r"|cong chuc|vien chuc|nguoi lao dong|doan vien, hoi vien)"
            r"|giao ban|sinh hoat (?:chi bo|chi doan|chuyen mon|thuong ky)|hop (?:hoi dong|co quan|don vi)"
            r"|dau ca, giua ca"
        ),
    ),
    (
        "residents_meeting",
        (
            r"hop(?<!\whop) (?:to\b|to dan pho|thon|ap|khu pho|dan|xom|ban\b|khoi)|cuoc hop (?:to|thon|ap|khu)"
            r"|sinh hoat (?:khu dan cu|to dan pho|thon)"
            r"|noi chuyen [^.;]{0,20}voi (?:dan|ba con)|buoi tu van"
        ),
    ),
    ("sms", r"sms(?<!\wsms)\b|nhan tin(?! bao| qua so lien lac)|tin nhan(?! rac| la)"),
    (
        "poster_banner",
        (
            r"bang ron|khau hieu|pan(?<!\wpan)\S?o\b|ap phich|ap-phich|poster|tranh co dong|bien (?:bao|canh bao|hieu)"
            r"|niem yet|phuon(?<!\wphuon)\b|truc quan"
            r"|bang tin(?! dien tu)|ban(?<!\wban)n*er|dan(?<!\wdan)(?<!n dan) (?:tai|tren|len|lich"
            r"|thong bao|tranh|ap phich)"
        ),
    ),
    ("leaflet", r"to roi|to gap|to buom|so tay|cam nang|tai lieu phat tay"),
    ("door_to_door", r"tung (?:nha|ho|gia dinh|ngo|hô)|tan tay|tan nha|tung nguoi dan"),
    (
        "school",
        (
            r"phu huynh|truong hoc|cha me|tiet (?:hoc|chao co)|chao co|bai giang|mang non|sinh hoat lop|moi truong co"
            r"|ra choi|giao vien chu nhiem|gvcn|so lien lac|day hoc"
        ),
    ),
    (
        "electronic_board",
        (
            r"(?:bang|bien) (?:tin |thong tin )?dien tu|man hinh|led(?<!\wled)\b|chay (?:dong )?chu"
            r"|chieu (?:video|clip|phim)"
        ),
    ),
    (
        "hotline",
        (
            r"duong day nong|tong dai|(?:cong khai|duy tri)[^.;]{0,30}so dien thoai"
            r"|so dien thoai (?:thuong truc|tiep nhan)"
        ),
    ),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _CHANNELS)
_LEARNERS = re.compile(r"hoc sinh|sinh vien|hssv")
_BY_ACTOR = (
    ("press", re.compile(r"\bbao\b(?! hiem| ve)|thong tan xa|co quan thong tin dai chung")),
    ("tv_radio", re.compile(r"truyen hinh|dai tieng noi|thong tin dai chung|\bdai pt")),
    ("portal", re.compile(r"cong thong tin")),
)
_ACTOR_LOUDSPEAKER = re.compile(r"dai truyen thanh")
_TELLING = re.compile(
    r"tuyen truyen|thong tin|pho bien|truyen thong|thong bao|phat|huong dan|van dong|khuyen cao"
    r"|gioi thieu|giao duc"
)
_NOT_TELLING = re.compile(
    r"\([^()]*(?:mau|tai tai|tai ve|tai lieu|infographic)[^()]*\)|(?:bao cao|gui|nop|bao ngay|bao|phan anh"
    r"|xac nhan)\b[^.;]{0,80}?\bqua (?:zalo|email"
    r"|duong day nong|dien thoai|phan mem|cong|he thong)[^.;]*|an so dien thoai|khong (?:bam|cung cap)[^.;]*"
)
_SPREAD = re.compile(r"tuyen truyen|truyen thong|pho bien|thong bao|van dong|khuyen cao|gioi thieu|tu van|huong dan")


@functools.lru_cache(maxsize=1024)
def read_channels(plain: str, actors: str = "") -> tuple[str, ...]:
    """Read the channels named in the folded words of a task, and those its doers are themselves.

    Zalo or a hotline used only to report is not a channel; telling with no channel named is `other`.
    """
    words = _NOT_TELLING.sub(" ", plain)
    found = {name for name, pattern in _PATTERNS if pattern.search(words)}
    if _TELLING.search(words):
        found |= {name for name, pattern in _BY_ACTOR if pattern.search(actors)}
        if _LEARNERS.search(words):
            found.add("school")
        if _ACTOR_LOUDSPEAKER.search(actors):
            found.add("loudspeaker")
    if not found and _SPREAD.search(words):
        found.add("other")
    return tuple(name for name, _ in (*_CHANNELS, ("other", "")) if name in found)
