"""What `lantoa doctor` says of what an agency has laid down for its content: its voice, its chimes and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.cli.errors import is_callers_mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NONE_YET = "chưa có"
_THE_FILE = "sửa tệp được nêu tên"


def agency_checks() -> Iterator[tuple[str, str, str]]:
    """Each check as its name, what was found, and what to do; the last is empty when nothing is wrong."""
    for name, look, advice in (
        ("Giọng đọc", _voice, "cài lại bằng make run; giọng Piper thì sửa LANTOA_PIPER, LANTOA_PIPER_VOICE"),
        ("Nhạc hiệu", _chimes, "sửa LANTOA_OPENING_CHIME, LANTOA_CLOSING_CHIME"),
        ("Cách đọc chữ viết tắt", _pronunciation, _THE_FILE),
        ("Thời lượng bản tin", _air_time, _THE_FILE),
        ("Mẫu thông báo Zalo", _templates, _THE_FILE),
        ("Bảng giá tin nhắn", _tariffs, _THE_FILE),
    ):
        yield _looked(name, look, advice)


def _looked(name: str, look: Callable[[], str], advice: str) -> tuple[str, str, str]:
    try:
        return name, look(), ""
    except Exception as error:
        if not is_callers_mistake(error):
            raise
        return name, str(error), advice


def _voice() -> str:
    from lantoa.content.actions import agency
    from lantoa.lib.voice import Voice

    speaker = agency.speaker()
    speaker.say("Xin chào", Voice())
    return speaker.engine


def _chimes() -> str:
    from django.conf import settings

    from lantoa.lib.chimes import NONE, Chimes

    chosen = {settings.LANTOA_OPENING_CHIME, settings.LANTOA_CLOSING_CHIME}
    seconds = Chimes(settings.LANTOA_OPENING_CHIME, settings.LANTOA_CLOSING_CHIME).frame_seconds()
    whose = "của cơ quan" if chosen - {"", NONE} else "không dùng" if chosen == {NONE} else "có sẵn"
    return f"{whose}, {seconds:.0f} giây cả phần nghỉ"


def _pronunciation() -> str:
    from django.conf import settings

    from lantoa.content.actions import agency

    agency.studio()
    return "có bảng riêng của cơ quan" if (settings.LANTOA_HOME / "pronunciation.toml").is_file() else "bảng có sẵn"


def _air_time() -> str:
    from lantoa.content.actions import agency

    slots = agency.bulletin_slots()
    own = f", {len(slots.by_code)} đơn vị có thời lượng riêng" if slots.by_code else ""
    return f"{slots.usual} giây{own}"


def _templates() -> str:
    from django.conf import settings

    from lantoa.campaigns.rules.pack_loading import find_packs
    from lantoa.content.actions import agency
    from lantoa.content.rules import zns

    found = agency.zns_templates()
    packs = find_packs(settings.LANTOA_PACKS)
    if lost := next((one for one in found if one.pack not in packs), None):
        where = settings.LANTOA_HOME / zns.FILE_NAME
        raise zns.ZnsError(f"{where}: mẫu {lost.id} ghi gói «{lost.pack}», không có gói nào tên như vậy")
    return ", ".join(f"{one.id} ({one.pack})" for one in found) or NONE_YET


def _tariffs() -> str:
    from lantoa.content.actions import agency

    found = agency.message_tariffs()
    return ", ".join(f"{one.operator} {one.kind} từ {one.since:%d/%m/%Y}" for one in found) or NONE_YET
