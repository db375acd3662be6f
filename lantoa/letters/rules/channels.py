"""Through which channels a task tells people: the closed list of the schema, from the words that name each."""

from __future__ import annotations

import functools
import re

# Each channel: stems, one of which any of its words has - looked for first, for a search of the text is a hundred
# times as long - and its words. A look behind stands after its word (`loa(?<!\wloa)`): branches that begin with letters
# are faster.
_CHANNELS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "portal",
        ("cong", "trang", "website"),
        r"cong(?:/trang)? thong tin|trang thong tin dien tu|(?:cong|trang) ttdt|website|trang tin dien tu|trang web",
    ),
    ("fanpage", ("fanpage", "facebook"), r"fanpage|trang facebook"),
    (
        "social_network",
        ("mang xa hoi", "facebook", "youtube", "tiktok"),
        r"mang xa hoi|facebook(?<!trang facebook)|youtube|tiktok",
    ),
    ("zalo", ("zalo",), r"zalo"),
    ("grassroots_information_system", ("thong tin co so",), r"thong tin co so"),
    (
        "loudspeaker",
        ("truyen thanh", "loa", "phat", "khung gio"),
        (
            r"truyen thanh|loa(?<!\wloa)\b(?! dai)|he thong phat thanh|phat thanh"
            r"(?<!song phat thanh)(?<!dai phat thanh)(?!,? truyen hinh| va truyen hinh| mang non|-)"
            r"|(?:phat|phat cac) ban tin|bai phat thanh, phat|khung gio \d"
        ),
    ),
    (
        "press",
        ("bao ", "tin, bai", "phong su", "dai chung", "ban tin"),
        (
            r"bao chi|tin, bai|phong su|thong tin dai chung|ban tin suc khoe|co quan bao"
            r"|phoi hop[^.;]{0,80}(?:voi|va|,) bao (?!cao|dam|hiem|ve|ngay|gom|toan)"
        ),
    ),
    (
        "tv_radio",
        ("truyen hinh", "phat thanh", "dai chung"),
        r"truyen hinh|song phat thanh|thong tin dai chung|dai phat thanh|phat thanh[ ,-]+truyen hinh",
    ),
    ("community_digital_team", ("cong nghe so",), r"cong nghe so"),
    ("project06_team", ("06",), r"to(?<!\wto)\b[^.;]{0,40}(?:de an|da) ?06(?! (?:cua )?chinh phu)|to 06"),
    (
        "staff_meeting",
        ("chuc", "can bo", "lao dong", "hoi vien", "giao ban", "sinh hoat", "hop ", "dau ca", "toa dam", "tai "),
        (
            r"(?:pho bien|quan triet|thong bao|tuyen truyen|giao duc|lanh dao|phat dong)\b[^.;]{0,90}(?:can bo"
            r"|cong chuc|vien chuc|nguoi lao dong|doan vien, hoi vien)"
            r"|giao ban|sinh hoat (?:chi bo|chi doan|chuyen mon|thuong ky)|hop (?:hoi dong|co quan|don vi)"
            r"|dau ca, giua ca|(?:hop mat|toa dam)[^.;]{0,20}tuyen truyen"
            r"|(?:tap huan|truyen thong|pho bien|giao duc)[^.;]{0,110} tai (?:don vi|co quan)\b"
            r"|(?:pho bien|quan triet|tuyen truyen)[^.;]{0,170} (?:den|toi) (?:toan the )?(?:can bo|cong chuc"
            r"|vien chuc)"
        ),
    ),
    (
        "residents_meeting",
        ("hop ", "sinh hoat", "noi chuyen", "tu van", "nha van hoa", "moi ", "hoi nghi"),
        (
            r"hop(?<!\whop)(?<!nha hop)(?<!phoi hop)(?<!tong hop)(?<!phu hop)(?<!tap hop)(?<!ket hop)(?<!long hop)"
            r" (?:to"
            r"|to dan pho|thon|ap|khu pho|dan|xom|khoi|ban(?! giam| chi dao| thuong| chap| lanh| to chuc| quan))\b"
            r"|cuoc hop (?:to|thon|ap|khu)|noi chuyen [^.;]{0,20}voi (?:dan|ba con)|buoi tu van"
            r"|sinh hoat (?:khu dan cu|to dan pho|thon|chi hoi|chuyen de|cau lac bo|hoi vien)"
            r"|huong dan[^.;]{0,100} nha van hoa|moi [^.;]{0,40}du (?:doi thoai|hoi nghi)|hoi nghi nhan dan"
        ),
    ),
    (
        "sms",
        ("sms", "nhan tin", "tin nhan"),
        r"sms(?<!\wsms)\b|nhan tin(?! bao| qua so lien lac)|tin nhan(?! rac| la)",
    ),
    (
        "poster_banner",
        ("ba", "khau hieu", "pa", "phich", "poster", "tranh", "bien ", "niem yet", "phuon", "truc quan", "sta", "dan "),
        (
            r"bang ron|khau hieu|pan(?<!\wpan)\S?o\b|ap phich|ap-phich|poster|tranh co dong|bien (?:bao|canh bao|hieu)"
            r"|niem yet|phuon(?<!\wphuon)\b|truc quan|standee"
            r"|bang tin(?! dien tu)|ban(?<!\wban)n*er|dan(?<!\wdan)(?<!n dan)(?<!i dan)(?<!ong dan)"
            r" (?:tren|len|lich|thong bao|tranh|ap phich|to (?:thong tin|huong dan))"
            r"|(?:treo|in)(?:,| va) dan(?<!\wdan)"
        ),
    ),
    (
        "leaflet",
        ("to ", "so tay", "cam nang", "phat tay"),
        r"to roi|to gap|to buom|so tay|cam nang|tai lieu phat tay",
    ),
    (
        "door_to_door",
        ("tung ", "tan ", "nha", "cac ho"),
        (
            r"tung [\W_]{0,3}(?:nha|ho|gia dinh|ngo|sap|nguoi dan)\b|tan tay\b|tan nha\b|(?:den|toi) nha\b|(?:den"
            r"|toi) cac ho\b"
            r"|(?:dan|giay|nhac)[^.;,]{0,20} tai nha\b(?! van| sinh| hop| cong| tro| o)"
        ),
    ),
    (
        "school",
        (
            *("phu huynh", "cha me", "tiet ", "chao co", "bai giang", "mang non", "sinh hoat", "truong "),
            *("ra choi", "chu nhiem", "gvcn", "so lien lac"),
        ),
        (
            r"phu huynh|cha me|tiet (?:hoc|chao co)|chao co|bai giang|mang non|sinh hoat lop|moi truong co"
            r"|sinh hoat[^.;]{0,24} truong hoc|cac truong [^.;]{0,30}noi chuyen|ra choi|giao vien chu nhiem|gvcn"
            r"|so lien lac"
        ),
    ),
    (
        "electronic_board",
        ("dien tu", "man hinh", "led", "chay ", "chieu "),
        (
            r"(?:bang|bien) (?:tin |thong tin )?dien tu|man hinh|led(?<!\wled)\b|chay (?:dong )?chu\b"
            r"|chieu (?:video|clip|phim)"
        ),
    ),
    (
        "hotline",
        ("duong day", "tong dai", "dien thoai"),
        (
            r"duong day nong|tong dai|(?:cong khai|duy tri)[^.;]{0,30}so dien thoai"
            r"|so dien thoai (?:thuong truc|tiep nhan)"
        ),
    ),
)
_PATTERNS = tuple((name, stems, re.compile(pattern)) for name, stems, pattern in _CHANNELS)
_ORDER = (*(name for name, _, _ in _CHANNELS), "other")
_POSTED = re.compile(r"(?<!\w)(?<!ướng )(?<!hân )dán tại")
_LEARNERS = re.compile(r"hoc sinh|sinh vien|hssv|truong hoc")
_BY_ACTOR = (
    ("press", re.compile(r"\bbao\b(?! hiem| ve)|thong tan xa|co quan thong tin dai chung")),
    ("tv_radio", re.compile(r"truyen hinh|dai tieng noi|thong tin dai chung|\bdai pt")),
    ("portal", re.compile(r"cong thong tin")),
)
_ACTOR_SCHOOL = re.compile(r"\btruong (?:hoc|tieu hoc|mam non|trung hoc|thcs|thpt)\b|giao vien|hieu truong")
_ACTOR_LOUDSPEAKER = re.compile(r"dai truyen thanh")
_TELLING = re.compile(
    r"tuyen truyen|thong tin|pho bien|truyen thong|thong bao|phat|huong dan|van dong|khuyen cao"
    r"|gioi thieu|giao duc|noi chuyen|cuoc thi|quan triet"
)
_NOT_TELLING = re.compile(
    r"\([^()]*(?:mau|tai tai|tai ve|tai lieu|infographic)[^()]*\)|(?:bao cao|gui|nop|bao ngay|(?<!thong )bao|phan anh"
    r"|xac nhan)\b[^.;]{0,80}?\bqua (?:zalo|email|duong day nong|dien thoai|phan mem|cong|he thong)[^.;]*"
    r"|theo (?:dung )?huong dan|huong dan (?:so|nay|tai cong van)|khi co thong bao"
    r"|(?:bo tri|chuan bi)[^.;]{0,40}\bloa\b(?: keo| dai)?(?! tuyen| phat| luu| di)"
    r"|bao chi - xuat ban|an so dien thoai|theo doi[^;]{0,90}thong tin dai chung|khong (?:bam|cung cap)[^.;]*"
)
_SPREAD = re.compile(r"tuyen truyen|truyen thong|pho bien|thong bao|van dong|khuyen cao|gioi thieu|tu van|huong dan")


def read_channels(plain: str, actors: str = "", text: str = "") -> tuple[str, ...]:
    """Read the channels named in the folded words of a task, and those its doers are themselves.

    `text` are the same words with their marks, for the word that only its marks tell from another: `dán tại`.

    Zalo or a hotline used only to report is not a channel; telling with no channel named is `other`.
    """
    words, named = _named(plain)
    found = set(named)
    if "dan tai" in words and _POSTED.search(text.lower()):
        found.add("poster_banner")
    if _TELLING.search(words):
        found |= {name for name, pattern in _BY_ACTOR if pattern.search(actors)}
        if _LEARNERS.search(words) or _ACTOR_SCHOOL.search(actors):
            found.add("school")
        if _ACTOR_LOUDSPEAKER.search(actors):
            found.add("loudspeaker")
    if not found and _SPREAD.search(words):
        found.add("other")
    return tuple(name for name in _ORDER if name in found)


@functools.lru_cache(maxsize=1024)
def _named(plain: str) -> tuple[str, frozenset[str]]:
    """The words without what tells nobody anything, and the channels they name."""
    words = _NOT_TELLING.sub(" ", plain)
    return words, frozenset(
        name for name, stems, pattern in _PATTERNS if any(stem in words for stem in stems) and pattern.search(words)
    )
