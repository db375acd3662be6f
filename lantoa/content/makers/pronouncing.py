"""The table an agency speaks by: the trade's, the pack's file on it, and its own on both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.content.rules.speech_table import DEFAULT, FILE_NAME, SpeechTable, SpeechTableError, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def pronunciation(folders: Iterable[Path]) -> SpeechTable:
    """Read `pronunciation.toml` of each folder that has one; a later folder wins: the pack's, then `LANTOA_HOME`.

    Raises `SpeechTableError`, in Vietnamese, naming the file and the entry that is wrong.
    """
    table = DEFAULT
    for folder in folders:
        path = folder / FILE_NAME
        if path.is_file():
            try:
                table |= read_table(path.read_text(encoding="utf-8-sig"), str(path))
            except (OSError, UnicodeDecodeError) as error:
                raise SpeechTableError(f"{path}: không đọc được tệp ({error}).") from error
    return table
