"""ZIP archives of files, as letters and their annexes are sent together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.lib.extract.choosing import Part, choose_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lantoa.lib.extract.choosing import Read
    from lantoa.lib.extract.document import Extracted
    from lantoa.lib.extract.packed import Package

_DOCUMENTS = ("[Content_Types].xml", "mimetype", "AndroidManifest.xml")
"""What is packed as ZIP but is one document or program, not files put together."""
_FOLDERS = ("xl/", "ppt/", "word/", "META-INF/", "_rels/")
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_MOST_FILES = 50


def is_archive(package: Package) -> bool:
    """Whether a ZIP holds files put together rather than the parts of one document."""
    return bool(package.names) and not any(name in _DOCUMENTS or name.startswith(_FOLDERS) for name in package.names)


def read_archive(package: Package, read: Read) -> Extracted:
    """Read the files of an archive; the text is that of the letter among them. Nothing is written to disk."""
    return choose_letter("", _parts(package), "zip", read)


def _parts(package: Package) -> Iterator[Part]:
    names = [name for name in package.names if not any(litter in name for litter in _LITTER)]
    for name in names[:_MOST_FILES]:
        yield Part(name, package.read(name) or b"")
