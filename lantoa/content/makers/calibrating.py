"""How fast a voice really speaks: `python -m lantoa.content.makers.calibrating [piper VOICE.onnx]`.

Scripts are fitted to their slots by `RATE` and `Pauses` (`lantoa.content.rules.script`); this measures both on
sentences of a bulletin's length, so that a new voice, or a new version of one, is fitted as exactly.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from lantoa.content.rules.speech import speak
from lantoa.lib.voice import PiperSpeaker, Voice, VoiceError, shared_speaker
from lantoa.lib.voice.phrases import syllables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantoa.lib.voice import Announcer

SAMPLES = (
    "Kính thưa bà con, sau đây là thông báo của UBND phường về việc cấp nước trở lại.",
    "Từ 0 giờ ngày 16/10/2024, cầu qua sông đóng để sửa, xe máy và ô tô đi theo quốc lộ.",
    "Bà con giữ nguyên giấy tờ đang dùng.",
    "Muốn biết hộ mình có trong danh sách không, bà con hỏi tổ trưởng, hoặc đến bộ phận một cửa của phường.",
    "Hộ nghèo, hộ cận nghèo, người cao tuổi sống một mình được ưu tiên giúp trước.",
    "Nhà văn hóa tổ dân phố số 5 mở cửa từ 7h30 đến 16h30, cả thứ bảy và chủ nhật.",
    "Không đọc mã OTP cho bất kỳ ai, không chuyển tiền, không đưa giấy tờ cho người lạ.",
    "Nhà nào có người già ở một mình, xin con cháu và hàng xóm sang xem giúp.",
    "Mức đóng góp của mỗi hộ từ 300.000 đến 500.000 đồng.",
    "Xin trân trọng cảm ơn bà con đã lắng nghe.",
    "Mọi thắc mắc, bà con gọi 0225 3 860 860 trong giờ hành chính.",
    "Đúng 19 giờ 30 phút thứ sáu, mời mỗi gia đình một người đến họp.",
)
"""Sentences with and without rests, with numbers, dates and telephone numbers: a bulletin's usual mixture."""
_CLAUSE = re.compile(r"[,;:](?=\s)")


@dataclass(frozen=True, slots=True)
class Measured:
    """A voice as it speaks."""

    rate: float
    """Syllables a minute between rests."""
    clause: float
    """Seconds of rest at a comma, colon or semicolon."""
    error: float
    """The largest miss of a sentence's length predicted by the two, as a share of it."""
    total_error: float
    """The miss over all sentences together, as a share."""


def measure_voice(speaker: Announcer, voice: Voice, samples: Sequence[str] = SAMPLES) -> Measured:
    """Speak `samples` one by one and find rate and rest by least squares. Raises `VoiceError`."""
    spoken = [speak(one).text for one in samples]
    counts = np.array([[syllables(one), len(_CLAUSE.findall(one))] for one in spoken], float)
    lengths = np.array([speaker.say(one, voice).seconds for one in spoken])
    (each, rest), *_ = np.linalg.lstsq(counts, lengths, rcond=None)
    missed = counts @ np.array([each, rest]) - lengths
    return Measured(
        rate=60 / float(each), clause=float(rest), error=float(np.abs(missed / lengths).max()),
        total_error=float(missed.sum() / lengths.sum()),
    )


def main(arguments: Sequence[str]) -> None:
    """Print the measured figures as JSON."""
    try:
        speaker: Announcer = PiperSpeaker(arguments[1], command=arguments[0]) if arguments[1:] else shared_speaker()
        measured = measure_voice(speaker, Voice())
    except VoiceError as error:
        sys.exit(str(error))
    figures = {name: round(value, 3) for name, value in asdict(measured).items()}
    print(json.dumps({"voice": speaker.engine, **figures}, ensure_ascii=False))  # noqa: T201 - it is a command


if __name__ == "__main__":
    main(sys.argv[1:])
