"""The channels of the schema in every wording an office has for them."""

import pytest

from lantoa.letters.rules.channels import read_channels
from lantoa.lib.vietnamese import folded

WORDINGS = {
    "portal": (
        "đăng trên Cổng thông tin điện tử xã",
        "đăng trên Cổng TTĐT",
        "đưa lên trang thông tin điện tử",
        "cập nhật website của sở",
        "đăng trang web của đơn vị",
        "đăng trên cổng/trang thông tin",
    ),
    "fanpage": ("đăng fanpage", "đăng trang Fanpage của xã", "đăng trang Facebook của Bệnh viện", "đăng Facebook xã"),
    "social_network": (
        "trên mạng xã hội",
        "chia sẻ trên MXH",
        "đăng Facebook, chia sẻ rộng rãi",
        "đăng TikTok",
        "kênh YouTube",
    ),
    "zalo": ("gửi nhóm Zalo", "qua Zalo OA của phường", "nhắn nhóm zalo thôn"),
    "grassroots_information_system": ("trên hệ thống thông tin cơ sở", "qua hệ thống TTCS"),
    "loudspeaker": (
        "phát trên loa truyền thanh",
        "phát trên hệ thống truyền thanh cơ sở",
        "phát trên đài xã",
        "dùng loa kéo, loa cầm tay",
        "cho xe tuyên truyền lưu động",
        "đọc trên cụm loa FM",
        "phát trên loa phóng thanh",
    ),
    "press": ("phối hợp với báo chí", "mời phóng viên", "đăng trên báo in, báo điện tử", "gửi thông cáo báo chí"),
    "tv_radio": ("trên sóng truyền hình", "trên Đài PT-TH tỉnh", "mở chuyên mục, phát sóng tối thứ Ba"),
    "community_digital_team": ("giao Tổ công nghệ số cộng đồng", "giao Tổ CNSCĐ"),
    "project06_team": ("giao Tổ Đề án 06", "giao Tổ công tác 06"),
    "staff_meeting": (
        "phổ biến tại giao ban",
        "quán triệt đến toàn thể cán bộ",
        "quán triệt nhân viên y tế",
        "phổ biến trong cuộc họp phòng",
        "họp khoa quán triệt",
        "sinh hoạt chi bộ chuyên đề",
        "gửi thư điện tử nội bộ",
    ),
    "residents_meeting": (
        "tại các cuộc họp tổ dân phố",
        "tổ chức họp bản",
        "tại hội nghị cử tri",
        "lồng ghép trong tiếp xúc cử tri",
        "sinh hoạt chi hội phụ nữ",
    ),
    "sms": ("nhắn tin tới thuê bao", "gửi tin nhắn SMS", "gửi tin nhắn đến chủ nhà"),
    "poster_banner": (
        "treo băng rôn",
        "treo băng-rôn",
        "làm pa nô",
        "thay mới pano",
        "dán áp phích",
        "cắm biển cấm lửa",
        "niêm yết tại trụ sở",
        "dán mã QR tại quầy",
        "đặt standee",
        "kẻ vẽ khẩu hiệu",
        "dán decal",
        "trang trí cụm cổ động",
    ),
    "leaflet": (
        "phát thư ngỏ đến các hộ",
        "biên soạn 01 cuốn hỏi - đáp",
        "phát tờ rơi",
        "in tờ gấp",
        "cấp sổ tay",
        "phát cẩm nang",
        "phát tờ thông tin",
    ),
    "door_to_door": (
        "đến từng nhà",
        "đi từng ngõ, gõ từng nhà",
        "gõ cửa từng phòng trọ",
        "gặp từng gia đình",
        "báo trực tiếp cho các hộ",
        "vãng gia 02 lần",
        "đến vận động 05 gia đình",
        "vào tận lán",
    ),
    "school": (
        "thông báo cho phụ huynh",
        "trong giờ chào cờ",
        "vào sinh hoạt ngoại khóa",
        "vào tiết sinh hoạt",
        "qua sổ liên lạc",
        "phát loa trường",
        "học sinh ký cam kết",
    ),
    "electronic_board": (
        "trên bảng điện tử",
        "chạy chữ bảng LED",
        "trên màn hình",
        "chiếu clip",
        "trên các ti vi khu chờ",
    ),
    "hotline": (
        "duy trì đường dây nóng",
        "công bố số máy trực",
        "niêm yết số điện thoại cứu nạn",
        "công khai hotline",
        "tổng đài 1022",
        "mở đường dây tư vấn",
    ),
}


@pytest.mark.parametrize(("channel", "words"), [(name, words) for name, each in WORDINGS.items() for words in each])
def test_each_wording_names_its_channel(channel: str, words: str) -> None:
    assert channel in read_channels(folded(words), "", words)


@pytest.mark.parametrize(
    ("words", "channel"),
    [
        ("nhắn tin trong nhóm Zalo thôn", "sms"),
        ("thay thế các loa rè, sửa chữa cụm loa", "loudspeaker"),
        ("những bản chưa có loa thì đi từng nhà", "loudspeaker"),
        ("phát trên Đài Truyền thanh - Truyền hình huyện", "loudspeaker"),
        ("đưa tin, bài lên Trang thông tin điện tử", "press"),
        ("gửi thông báo bằng tin nhắn", "poster_banner"),
        ("vận động cán bộ, công chức, giáo viên đăng ký", "school"),
        ("niêm yết tại nhà sinh hoạt cộng đồng", "residents_meeting"),
        ("niêm yết tại nơi sinh hoạt cộng đồng", "residents_meeting"),
        ("bàn giao thư ngỏ của Chủ tịch", "door_to_door"),
        ("phát loa trường giờ ra chơi", "loudspeaker"),
        ("hạn chế dùng loa công suất lớn", "loudspeaker"),
        ("báo cáo Chủ tịch tại giao ban", "staff_meeting"),
        ("xử lý tin giả trên mạng xã hội", "social_network"),
        ("không dùng nhóm Zalo thay cho họp dân", "zalo"),
    ],
)
def test_what_only_looks_like_a_channel_is_none(words: str, channel: str) -> None:
    assert channel not in read_channels(folded(words), "", words)


def test_a_commune_that_broadcasts_does_so_by_loudspeaker() -> None:
    assert read_channels(folded("tăng thời lượng phát sóng"), "trung tam dich vu cong xa") == ("loudspeaker",)
