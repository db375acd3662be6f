"""What `lantoa doctor` says of the agency's own files, voice and chimes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from lantoa.campaigns.rules.tests.guide import GUIDE, write_guide_pack
from lantoa.cli.agency import agency_checks

if TYPE_CHECKING:
    from pathlib import Path

    from django.conf import LazySettings

TARIFF = """
[[tariff]]
operator = "Mạng Một"
kind = "sms"
from = 2024-09-01
source = "Hợp đồng số 1"
per_part_gsm7 = 100
per_part_ucs2 = 200
most_parts = 3
"""
TEMPLATE = """
[[template]]
id = "345678"
pack = "%s"
kind = "zns"
title = "Đo mưa cùng nhau"
text = "Mời quý khách đọc thùng đo mưa vào buổi sáng."
confirmed_by = "Bà Trần Thị Lan"
confirmed_on = 2025-05-09
"""


def own_file(name: str, text: str) -> Path:
    settings.LANTOA_HOME.mkdir(parents=True, exist_ok=True)
    path: Path = settings.LANTOA_HOME / name
    path.write_text(text, encoding="utf-8")
    return path


def found() -> dict[str, tuple[str, str]]:
    return {name: (what, advice) for name, what, advice in agency_checks()}


def test_without_any_file_all_is_well() -> None:
    checks = found()
    assert [advice for _, advice in checks.values() if advice] == []
    assert "eSpeak" in checks["Giọng đọc"][0]
    assert checks["Thời lượng bản tin"][0] == "120 giây"
    assert checks["Mẫu thông báo Zalo"][0] == checks["Bảng giá tin nhắn"][0] == "chưa có"


def test_what_was_laid_down_is_shown() -> None:
    own_file("pronunciation.toml", '[abbreviations]\nTTVH = "trung tâm văn hóa"\n')
    own_file("air_time.toml", '"11683" = 60\n')
    own_file("zns.toml", TEMPLATE % "volte_readiness")
    own_file("tariffs.toml", TARIFF)
    checks = found()
    assert [advice for _, advice in checks.values() if advice] == []
    assert checks["Cách đọc chữ viết tắt"][0] == "có bảng riêng của cơ quan"
    assert checks["Thời lượng bản tin"][0] == "120 giây, 1 đơn vị có thời lượng riêng"
    assert checks["Mẫu thông báo Zalo"][0] == "345678 (volte_readiness)"
    assert checks["Bảng giá tin nhắn"][0] == "Mạng Một sms từ 01/09/2024"


def test_the_files_that_the_documentation_prints_can_be_read(settings: LazySettings, tmp_path: Path) -> None:
    settings.LANTOA_PACKS = write_guide_pack(tmp_path).parent
    text = GUIDE.with_name("settings.md").read_text(encoding="utf-8")
    for name, block in re.findall(r"^`(\w+\.toml)`:.*?^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        own_file(name, block)
    template = GUIDE.read_text(encoding="utf-8").split("```toml\n[[template]]")[1].split("```")[0]
    own_file("zns.toml", f"[[template]]{template}")
    checks = found()
    assert [(what, advice) for what, advice in checks.values() if advice] == []
    assert checks["Mẫu thông báo Zalo"][0] == "345678 (rabies_vaccination)"
    assert "1 đơn vị" in checks["Thời lượng bản tin"][0]
    assert "Tên nhà mạng" in checks["Bảng giá tin nhắn"][0]
    assert "riêng" in checks["Cách đọc chữ viết tắt"][0]


@pytest.mark.parametrize(
    ("name", "text", "check", "said"),
    [
        ("pronunciation.toml", "[abbreviations\n", "Cách đọc chữ viết tắt", "pronunciation.toml"),
        ("air_time.toml", '"11683" = 5\n', "Thời lượng bản tin", "11683"),
        ("zns.toml", "[[template]]\nid = 1\n", "Mẫu thông báo Zalo", "«id»"),
        ("zns.toml", TEMPLATE % "snow", "Mẫu thông báo Zalo", "snow"),
        ("tariffs.toml", TARIFF.replace("200", '"rẻ"'), "Bảng giá tin nhắn", "tariffs.toml"),
    ],
)
def test_a_fault_in_a_file_is_named_and_holds_up_nothing_else(name: str, text: str, check: str, said: str) -> None:
    path = own_file(name, text)
    checks = found()
    assert {one for one, (_, advice) in checks.items() if advice} == {check}
    assert said in checks[check][0]
    assert str(path) in checks[check][0]


def test_a_voice_or_a_chime_that_is_missing_is_named(settings: LazySettings, tmp_path: Path) -> None:
    settings.LANTOA_PIPER = "no-such-piper"
    settings.LANTOA_PIPER_VOICE = str(tmp_path / "voice.onnx")
    settings.LANTOA_OPENING_CHIME = str(tmp_path / "gong.wav")
    checks = found()
    assert "no-such-piper" in checks["Giọng đọc"][0]
    assert "LANTOA_PIPER" in checks["Giọng đọc"][1]
    assert "gong.wav" in checks["Nhạc hiệu"][0]


def test_a_piper_voice_without_its_file_is_named(settings: LazySettings, tmp_path: Path) -> None:
    settings.LANTOA_PIPER = "true"
    settings.LANTOA_PIPER_VOICE = str(tmp_path / "voice.onnx")
    assert "voice.onnx" in found()["Giọng đọc"][0]
