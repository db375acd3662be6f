"""Through which channels a task tells people: the closed list of the schema, from the words that name each."""

from __future__ import annotations

import functools
import re

# Each channel: stems, one of which any of its words has - looked for first, for a search of the text is a hundred
# times as long - and its words. A look behind stands after its word (`loa(?<!\wloa)`): branches that begin with letters
# are faster.
_OWN_PAGE = (
    r"(?: cua)? (?:xa|phuong|huyen|thi tran|thon|ubnd|trung tam|benh vien|truong|doan|hoi|cong an|so|don vi"
    r"|co quan|chi"
    r" (?:hoi|doan))\b"
)
"""`Facebook xã`, the office's own page; not the network itself."""
_CHANNELS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "portal",
        ("cong", "trang", "website", "web"),
        (
            r"cong(?:/trang)? thong tin|trang (?:thong tin|tin)(?: dien tu)?|(?:cong|trang) ttdt|website"
            r"|trang web|trang (?:dien tu|chu)\b|cong dien tu|muc tin tuc[^.;]{0,20} (?:cong|trang)\b"
        ),
    ),
    (
        "fanpage",
        ("fanpage", "facebook", "fan page", "trang cong dong"),
        r"fan ?page|trang cong dong|facebook(?<!trang facebook)" + _OWN_PAGE + r"|trang facebook",
    ),
    (
        "social_network",
        (
            *("mang xa hoi", "mxh", "facebook", "youtube", "tiktok", "tik tok", "viber", "instagram", "livestream"),
            *("dai dien", "avatar"),
        ),
        (
            r"(?:khung|thay|doi) (?:khung )?(?:anh|hinh) dai dien|avatar|mang xa hoi|\bmxh\b"
            r"|facebook(?<!trang facebook)(?!" + _OWN_PAGE + r")|youtube|tik ?tok|viber|instagram"
            r"|livestream(?! tren (?:trang |fan))(?!\) tren (?:trang |fan))"
        ),
    ),
    ("zalo", ("zal",), r"\bzal[^\W\d]\b|zalo"),
    ("grassroots_information_system", ("thong tin co so", "ttcs"), r"(?<!cong tac )thong tin co so|\bttcs\b"),
    (
        "loudspeaker",
        ("truyen thanh", "loa", "phat", "khung gio", "dai ", "phong thanh", "xe ", "tiep am"),
        (
            r"truyen thanh(?!,?[ ,/-]+(?:va )?truyen hinh)|loa(?<!\wloa)\b(?! dai| (?:cua "
            r"|tai )?(?:nha )?truong)|he thong phat thanh|phat thanh"
            r"(?<!song phat thanh)(?<!dai phat thanh)(?!,? truyen hinh| va truyen hinh| mang non|-| - truyen)"
            r"|bai phat thanh, phat|khung gio \d|phong thanh|tiep am\b"
            r"|xe (?:tuyen truyen|co dong|thong tin) (?:luu dong)?|tuyen truyen luu dong"
            r"|dai(?<!\wdai) (?:tt )?(?:xa|phuong|thon|co so|cap xa|thi tran)\b"
            r"|(?:phat|phat cac) ban tin(?! tren song| truyen hinh)"
        ),
    ),
    (
        "press",
        ("bao ", "tin, bai", "phong su", "dai chung", "ban tin", "phong vien", "tap chi", "tin bai"),
        (
            r"bao chi|tin, bai|tin bai|phong su|thong tin dai chung|ban tin suc khoe|co quan bao|phong vien|tap chi"
            r"|hop bao\b(?! cao)|thong cao bao|(?:tren|cac) bao (?:in|dien tu|giay)|bao, dai\b|bao (?:in|dien tu)\b"
            r"|phoi hop[^.;]{0,80}(?:voi|va|,) bao (?!cao|dam|hiem|ve|ngay|gom|toan|chi|gio|hieu|tri)"
            r"|, bao [a-z]+ [a-z]+ (?:dua tin|dang|tuyen truyen)"
        ),
    ),
    (
        "tv_radio",
        ("truyen hinh", "phat thanh", "dai chung", "phat song", "tren song", "pt-th", "ptth", "bao, dai"),
        (
            r"(?<!mobile )truyen hinh|song phat thanh|thong tin dai chung|dai phat thanh|phat thanh[ ,-]+truyen hinh"
            r"|(?:dai|bao) (?:pt|tt)[ -]?th\b|phat song|tren song\b|bao, dai\b"
        ),
    ),
    (
        "community_digital_team",
        ("cong nghe so", "cns", "chuyen doi so cong dong"),
        r"cong nghe so|\bto cns|to chuyen doi so cong dong",
    ),
    ("project06_team", ("06",), r"to(?<!\wto)\b[^.;]{0,40}(?:de an|da) ?06(?! (?:cua )?chinh phu)|to (?:cong tac )?06"),
    (
        "staff_meeting",
        (
            *("chuc", "can bo", "lao dong", "hoi vien", "giao ban", "sinh hoat", "hop ", "dau ca", "toa dam", "tai "),
            *("nhan vien", "noi bo", "chien si", "dau gio", "cong nhan", "quan triet"),
        ),
        (
            r"(?:pho bien|quan triet|thong bao|tuyen truyen|giao duc|lanh dao|phat dong|nhac)\b[^.;]{0,90}"
            r"(?:can bo|cong chuc|vien chuc|nguoi lao dong|cbccvc|cb,? ?cc)"
            r"|van dong (?:toan the )?(?:can bo|cong chuc|vien chuc|nguoi lao dong)"
            r"|(?:pho bien|quan triet|thong bao|tuyen truyen) (?:rong rai )?(?:trong|tai) (?:noi bo|don vi|co quan)\b"
            r"|(?:quan triet|pho bien|nhac)\b[^.;]{0,40}(?:nhan vien|can bo|chien si|cong nhan|dang vien|giao vien)"
            r"|giao ban|sinh hoat (?:chi bo|chi doan|chuyen mon|thuong ky|dang|cong doan|doan|co quan|dinh ky)"
            r"|hop (?:hoi dong|co quan|don vi|phong|khoa|chi bo|noi bo|cong doan|can bo|chuyen mon|dang)\b"
            r"|(?:thu dien tu|email|thong bao|van ban|bang tin|mang|nhom) noi bo"
            r"|(?:chi bo|dang vien)[^.;]{0,60}(?:ky|buoi|vao) sinh hoat|(?:ky|buoi) sinh hoat thang"
            r"|hoi nghi (?:can bo|cong chuc|vien chuc|nguoi lao dong|quan triet)|dau gio lam viec"
            r"|dau ca, giua ca|(?:hop mat|toa dam)[^.;]{0,20}tuyen truyen"
            r"|(?:tap huan|truyen thong|pho bien|giao duc)[^.;]{0,110} tai (?:don vi|co quan)\b"
            r"|(?:pho bien|quan triet|tuyen truyen)[^.;]{0,170} (?:den|toi) (?:toan the )?(?:can bo|cong chuc"
            r"|vien chuc)"
        ),
    ),
    (
        "residents_meeting",
        (
            *("hop ", "sinh hoat", "noi chuyen", "tu van", "nha van hoa", "moi ", "hoi nghi", "cu tri", "doi thoai"),
            *("ngay hoi dai", "toa dam"),
        ),
        (
            r"hop(?<!\whop)(?<!nha hop)(?<!phoi hop)(?<!tong hop)(?<!phu hop)(?<!tap hop)(?<!ket hop)(?<!long hop)"
            r" (?:to|to dan pho|thon|ap|khu pho|khu dan cu|dan|xom|khoi|buon|lang|khom|tieu khu|soc|cong dong|nhom ho"
            r"|ban(?! giam| chi dao| thuong| chap| lanh| to chuc| quan| bien))\b"
            r"|cuoc hop (?:to|thon|ap|khu)|noi chuyen [^.;]{0,20}voi (?:dan|ba con|nhan dan)|buoi tu van"
            r"|(?<!nha )(?<!noi )(?<!diem )sinh hoat (?:khu dan cu|to dan pho|thon|chi hoi|chuyen de(?! chi bo)"
            r"|cau lac bo|hoi vien"
            r"|cong dong|doan,"
            r"|to hoi|hoi\b)"
            r"|huong dan[^.;]{0,100} nha van hoa|moi [^.;]{0,40}du (?:doi thoai|hoi nghi)"
            r"|hoi nghi[^.;,]{0,20} tai (?:cac |tung )?(?:thon|ap|khom|khu pho|to dan pho|xom|ban|buon)\b"
            r"|hoi nghi (?:nhan dan|cu tri|thon|ap|khu pho|to dan pho|xom|khu dan cu)"
            r"|moi [^.;]{0,20}(?:ho|dan)\b[^.;]{0,30} hop\b"
            r"|tiep xuc cu tri|doi thoai (?:voi|truc tiep)[^.;]{0,20}(?:dan|ho)\b|ngay hoi dai doan ket"
            r"|toa dam voi (?:nguoi )?dan"
        ),
    ),
    (
        "sms",
        ("sms", "nhan tin", "tin nhan"),
        (
            r"sms(?<!\wsms)\b|nhan tin(?! bao| qua so lien lac| (?:trong|vao|qua|tren|len|toi|den)? ?(?:cac )?"
            r"(?:nhom |ung dung )?(?:zalo|facebook|vneid))"
            r"|tin nhan(?! rac| la| (?:qua |trong |tren |den |toi |vao )?(?:cac )?(?:nhom\b|zalo"
            r"|facebook))(?<!zalo tin nhan)"
        ),
    ),
    (
        "poster_banner",
        (
            *("ba", "khau hieu", "pa", "phich", "poster", "tranh", "bien ", "niem yet", "phuon", "truc quan", "sta"),
            *("dan ", "decal", "sticker", "hop den", "co dong", "ke ve", "to dan"),
        ),
        (
            r"bang[ -]?[rdz]on|khau hieu|pan(?<!\wpan)\S?o\b|pa[ -]no\b|ap[ -]phich|poster|tranh co dong"
            r"|cum co dong|ke ve|to dan(?! pho| cu)\b|decal|sticker|hop den|backdrop"
            r"|bien (?:bao|canh bao|hieu|cam|chi dan|tuyen truyen|quang cao|thong bao|huong dan|[\"“])"
            r"|bang (?:tuyen truyen|thong bao|huong dan|canh bao|noi quy|pa)\b"
            r"|niem yet(?! gia)|phuon(?<!\wphuon)\b|truc quan|standee"
            r"|bang tin(?! dien tu| nhan| noi bo)|ban(?<!\wban)n*er(?!s? (?:tren|len) (?:web|cong|trang))"
            r"|dan(?<!\wdan)(?<!n dan)(?<!i dan)(?<!ong dan)"
            r" (?:tren|len|lich|thong bao|tranh|ap phich|to (?:thong tin|huong dan)|ma qr|bang|so do|trong|noi quy"
            r"|canh bao|poster)\b"
            r"|(?:treo|in)(?:,| va) dan(?<!\wdan)"
            r"|cong (?:khai|bo)[^.;]{0,80} tai (?:cong(?! thong tin| ty| an| doan| so)|tru so|van phong"
            r"|nha van hoa|noi)\b"
        ),
    ),
    (
        "leaflet",
        ("to ", "so tay", "cam nang", "phat tay", "brochure", "tan tay", "an pham", "thu ngo", "cuon "),
        (
            r"(?:in|phat|trao|chuyen|ban giao|cap phat)\b(?:[^.;]|\.\d){0,24}(?<!den )(?<!toi )\bthu (?:ngo"
            r"|keu goi)\b|phat thu(?=[,.;]|$)"
            r"|(?:in|phat|cap|chuyen|bien soan|phat hanh)\b[^.;]{0,24} cuon\b|to roi|to gap|to buom|so tay"
            r"|cam nang|(?:tai lieu|to) phat tay|brochure"
            r"|to(?<!\wto) (?:tuyen truyen|thong tin|huong dan|thong diep)(?<!dan to huong dan)(?<!dan to thong tin)"
            r"|phat (?:giay|thu|thong bao|tai lieu|phieu)[^.;]{0,24} (?:tan tay|den tung|toi tung)"
        ),
    ),
    (
        "door_to_door",
        ("tung ", "tan ", "nha", "cac ho", "go cua", "vang gia", "gia dinh", "truc tiep", " ho"),
        (
            r"tung [\W_]{0,3}(?:can )?(?:nha|ho|chu ho|gia dinh|ngo|sap|quay|nguoi dan|phong tro)\b|tan tay\b"
            r"|tan (?:nha|ho|lan|choi|ray|noi o)\b|(?:den|toi) nha\b|(?:den|toi|gap) cac (?:ho|gia dinh)\b"
            r"|\bgo cua|vang gia"
            r"|(?:den|toi) (?:van dong|tuyen truyen|gap) (?:tung |cac |\d+ )(?:ho|gia dinh)\b"
            r"|truc tiep (?:den|toi) (?:cac |tung )(?:choi|lan|trai|be|ghe|thuyen|noi o|diem dan cu)\b"
            r"|truc tiep (?:cho|den|toi|tai|gap|voi) (?:cac |tung )?(?:ho|gia dinh|chu ho)\b"
            r"|(?:dan|giay|nhac)[^.;,]{0,20} tai nha\b(?! van| sinh| hop| cong| tro| o)"
        ),
    ),
    (
        "school",
        (
            *("phu huynh", "cha me", "tiet ", "chao co", "bai giang", "mang non", "sinh hoat", "truong "),
            *("ra choi", "lop", "hop dau nam", "loa ", "chu nhiem", "gvcn", "so lien lac"),
            *("ngoai khoa", "gio hoc", "khai giang", "chinh khoa"),
        ),
        (
            r"phu huynh|cha me|tiet (?:hoc|chao co|sinh hoat)|chao co(?! co quan)|bai giang|mang non|sinh hoat lop"
            r"|moi truong co|sinh hoat[^.;]{0,24} truong hoc|cac truong [^.;]{0,30}noi chuyen|ra choi"
            r"|hop dau nam hoc|(?:tung|cac|moi) (?:phong )?lop(?= hoc|[,.;]|$)|loa (?:cua |tai )?(?:nha )?truong"
            r"|giao vien chu nhiem|gvcn|so lien lac|ngoai khoa|chinh khoa|gio hoc\b|le khai giang"
            r"|tuan sinh hoat cong dan"
        ),
    ),
    (
        "electronic_board",
        ("dien tu", "man hinh", "led", "chay ", "chieu ", "quang bao", "tivi", "ti vi"),
        (
            r"(?:bang|bien) (?:tin |thong tin |quang cao )?dien tu|man hinh|led(?<!\wled)\b|chay (?:dong )?chu\b"
            r"|chieu (?:video|clip|phim)|quang bao|(?:tren|qua)[^.;,]{0,10} ti ?vi"
        ),
    ),
    (
        "hotline",
        ("duong day", "tong dai", "dien thoai", "hotline", "so may", "dau so"),
        (
            r"duong day (?:nong|tu van|ho tro|giai dap)|hotline|tong dai|(?:cong khai|duy tri|niem yet|cong bo"
            r"|thong bao)[^.;]{0,30}so (?:dien thoai"
            r"|may)|so (?:dien thoai|may) (?:thuong truc|tiep nhan|truc|ho tro|cuu nan|khan cap|nong)"
            r"|dau so tiep nhan"
        ),
    ),
)
_PATTERNS = tuple((name, stems, re.compile(pattern)) for name, stems, pattern in _CHANNELS)
_ORDER = (*(name for name, _, _ in _CHANNELS), "other")
_POSTED = re.compile(
    r"(?<!\w)(?<!ướng )(?<!hân )dán (?:[^.;,]{0,40} )?(?!tại (?:từng |các )?(?:nhà|hộ)(?! văn))"
    r"(?:tại|ở|trên|lên|trong|khắp|dọc|ngay|nơi)"
)
_LEARNERS = re.compile(r"hoc sinh|sinh vien|hssv|truong hoc")
_STAFF_ONLY = re.compile(r"\b(?:can bo|cong chuc|vien chuc|doan vien)\b[^.;]{0,30}(?:giao vien|nguoi lao dong)")
_BY_ACTOR = (
    (
        "press",
        re.compile(
            r"(?<!thue )(?<!thong )(?<!canh )\bbao\b(?! hiem| ve| tro| cao)|thong tan xa|co quan thong tin dai chung"
        ),
    ),
    ("tv_radio", re.compile(r"truyen hinh|dai tieng noi|thong tin dai chung|\bdai pt")),
    ("portal", re.compile(r"cong thong tin")),
)
_ACTOR_SCHOOL = re.compile(r"\btruong (?:hoc|tieu hoc|mam non|trung hoc|thcs|thpt)\b|giao vien|hieu truong")
_ACTOR_LOUDSPEAKER = re.compile(r"dai truyen thanh")
_TELLING = re.compile(
    r"tuyen truyen|thong tin|pho bien|truyen thong|thong bao|phat|huong dan|van dong|khuyen cao"
    r"|gioi thieu|(?<!so )(?<!phong )(?<!nganh )giao duc(?! va dao| mam)|noi chuyen|cuoc thi|quan triet|dua tin"
    r"|dang tin"
)
_NOT_TELLING = re.compile(
    r"\([^()]*(?:mau|tai tai|tai ve|tai lieu|infographic)[^()]*\)|(?:bao cao|gui|nop|bao ngay|(?<!thong )bao|phan anh"
    r"|xac nhan)\b[^.;]{0,80}?\bqua (?:zalo|email|duong day nong|dien thoai|phan mem|cong|he thong)[^.;]*"
    r"|theo (?:dung )?huong dan|huong dan (?:so|nay|tai cong van)|khi co thong bao"
    r"|(?:bo tri|chuan bi)[^.;]{0,40}\bloa\b(?: keo| dai)?(?! tuyen| phat| luu| di)"
    r"|bao cao\b[^.;]{0,70} (?:tai|trong) (?:cuoc |buoi |hop )*giao ban|khong (?:dung|su dung|lay)\b[^.;,]*"
    r"|(?:ra soat|xu ly|go bo|triet pha|ngan chan)\b[^.;]{0,60}(?:mang xa hoi|mxh|facebook|tiktok|youtube)[^.;]*"
    r"|bao chi - xuat ban|an so dien thoai|theo doi[^;]{0,90}thong tin dai chung|khong (?:bam|cung cap)[^.;]*"
)
_IDLE_LOUDSPEAKER = re.compile(
    r"(?:kiem tra|sua chua|bao duong|thay the|lap dat|ra soat|nang cap|thong ke)[^.;]{0,40}\bloa\b"
    r"|(?:han che|khong|giam|cam)(?: viec)?(?: su| mo)?(?: dung)?(?: am luong)? loa\b"
    r"|(?:chua|khong) co (?:he thong )?loa\b|\bloa (?:hong|re|cu)\b"
)
"""A loudspeaker that is mended or lacking tells nobody anything."""
_OWN_PRESS = re.compile(r"bao chi|dai chung|ban tin|phong vien|tap chi|co quan bao|bao in|bao, dai|\bbao [a-z]+ [a-z]")
"""What makes it the press though the same words name another outlet: `tin, bài`, `phóng sự` alone go where they are
sent."""
_OUTLETS = frozenset({"portal", "fanpage", "loudspeaker", "zalo", "social_network", "tv_radio"})
_BROADCASTER = re.compile(r"truyen hinh|dai phat thanh|[pt]t-?th\b|dai chung|bao, dai")
_HEARD = re.compile(r"\b(?:xa|phuong|thi tran|thon|ap)\b|dai truyen thanh")
"""Offices whose broadcasts go over loudspeakers."""
_RELAYED = re.compile(r"(?:tren|qua) (?:song |he thong )?truyen thanh|tiep am\b")
_SPREAD = re.compile(r"tuyen truyen|truyen thong|pho bien|thong bao|van dong|khuyen cao|gioi thieu|tu van|huong dan")


def read_channels(plain: str, actors: str = "", text: str = "") -> tuple[str, ...]:
    """Read the channels named in the folded words of a task, and those its doers are themselves.

    `text` are the same words with their marks, for the word that only its marks tell from another: `dán tại`.

    Zalo or a hotline used only to report is not a channel; telling with no channel named is `other`.
    """
    words, named = _named(plain)
    found = set(named)
    if "dan " in words and _POSTED.search(text.lower()):
        found.add("poster_banner")
    if _TELLING.search(words):
        found |= {name for name, pattern in _BY_ACTOR if pattern.search(actors)}
        if _ACTOR_LOUDSPEAKER.search(actors):
            found.add("loudspeaker")
    if (_TELLING.search(words) or "ky cam ket" in words) and _reaches_learners(words, actors):
        found.add("school")
    found = _to_their_outlets(found, words, actors)
    if not found and _SPREAD.search(words):
        found.add("other")
    return tuple(name for name in _ORDER if name in found)


def _reaches_learners(words: str, actors: str) -> bool:
    """Whether words are for learners, or for whomever a school speaks to but its own staff."""
    if _LEARNERS.search(words.replace(actors, " ") if actors else words):
        return True
    return _ACTOR_SCHOOL.search(actors) is not None and not _STAFF_ONLY.search(words)


def _to_their_outlets(found: set[str], words: str, actors: str) -> set[str]:
    """Put what only goes over the air, or is only called `tin, bài`, where those who send it can send it."""
    if "press" in found and found & _OUTLETS and not _OWN_PRESS.search(words) and not _BY_ACTOR[0][1].search(actors):
        found = found - {"press"}
    heard = _HEARD.search(actors) or _RELAYED.search(words)
    if "tv_radio" in found and heard and not _BROADCASTER.search(f"{words} {actors}"):
        found = found - {"tv_radio"} | {"loudspeaker"}
    return found


@functools.lru_cache(maxsize=1024)
def _named(plain: str) -> tuple[str, frozenset[str]]:
    """The words without what tells nobody anything, and the channels they name."""
    words = _NOT_TELLING.sub(" ", plain)
    if "loa" in words:
        words = _IDLE_LOUDSPEAKER.sub(" ", words)
    return words, frozenset(
        name for name, stems, pattern in _PATTERNS if any(stem in words for stem in stems) and pattern.search(words)
    )
