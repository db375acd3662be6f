"""The e-mail: one column of HTML that survives mail clients, and the same words as plain text.

Mail clients drop scripts, outside files and most style sheets, so every style stands in the element it is for; the one
style sheet only turns the colours over where a client shows mail on dark ground, and nothing is lost without it.
Outlook's own engine knows no `max-width`: it is given a table of 600 pixels in comments that only it reads.

Two slots are filled for each recipient by the channel (`lantoa.channels.wire`): `{{name}}` in the greeting, and
`{{opt_out_url}}`, behind which stops whoever wants no more of these: the channel puts the item's key behind
`Message.opt_out_url` for it, and where there is none it leads to the public page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantoa.content.makers.form import is_web_address, show_address, split_paragraphs
from lantoa.content.makers.markup import dialled, escape, prose
from lantoa.content.makers.words import choose_words
from lantoa.content.rules.slots import inert_piece, slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lantoa.content.rules.piece import Piece, Point

_INK, _TEAL, _AMBER, _SAND, _SOFT = "#0d2022", "#00474b", "#ffb81c", "#fff3d1", "#34474a"
_FONT = "font-family:'Segoe UI',Roboto,'Noto Sans',Helvetica,Arial,sans-serif"
_COLUMN = (
    f"max-width:600px;margin:0 auto;background:#ffffff;color:{_INK};{_FONT};font-size:18px;line-height:1.6;"
    "overflow-wrap:break-word;word-wrap:break-word"
)
_P, _LINK = "margin:0 0 16px", f"color:{_TEAL}"
_H2 = f"margin:28px 0 8px;font-size:20px;line-height:1.35;color:{_TEAL}"
_DARK = (
    "@media (prefers-color-scheme:dark){.ground{background:#0b1516!important}"
    ".sheet,.sheet p,.sheet li,.sheet h2{background-color:#14201f!important;color:#e6efee!important}"
    ".head,.head p,.head h1{background-color:#00363a!important;color:#ffffff!important}"
    ".key,.key p{background-color:#ffb81c!important;color:#0d2022!important}"
    ".sand,.sand p,.sand h2{background-color:#33290f!important;color:#fbeecb!important}"
    ".sheet .soft{color:#b7c6c5!important}.sheet a{color:#8fdbe0!important}}"
)
_OUTLOOK = (
    '<!--[if mso]><table role="presentation" width="600" align="center"><tr><td><![endif]-->',
    "<!--[if mso]></td></tr></table><![endif]-->",
)
_META = (
    '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">'
)


def write_email_html(piece: Piece) -> str:
    """The whole HTML part with its slots; its title is the subject."""
    piece = inert_piece(piece)
    before, after = _OUTLOOK
    head = f"{_META}\n<title>{escape(piece.title)}</title>\n<style>{_DARK}</style>"
    return (
        f'<!doctype html>\n<html lang="{escape(piece.language)}">\n<head>\n{head}\n</head>\n'
        f'<body class="ground" style="margin:0;padding:0;background:#eef3f3">\n{before}\n'
        f'<div class="sheet" style="{_COLUMN}">\n{_sheet(piece)}\n</div>\n{after}\n</body>\n</html>\n'
    )


def write_email_text(piece: Piece) -> str:
    """The same words as plain text, for whoever reads mail without HTML; slots stand in it as in the HTML."""
    piece = inert_piece(piece)
    words = choose_words(piece)
    parts = (
        piece.publisher, piece.title, ": ".join(filter(None, (piece.key_label, piece.key_figure))),
        _greeting(words), piece.lead, *split_paragraphs(piece.text),
        *(f"{number}. {_joined(point)}" for number, point in enumerate(piece.points, start=1)),
        *(_joined(item) for item in piece.questions),
        f"{words['warning']}: {piece.warning}" if piece.warning else "",
        _listed(words["contact"], piece.contacts),
        f"{words['more']}: {piece.url}" if is_web_address(piece.url) else "",
        _listed(words["sources"], piece.sources), words["true_on"],
        f"{words['opt_out']}: {_opt_out(piece)}",
    )  # fmt: skip
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _joined(point: Point) -> str:
    end = "" if point.heading.endswith(("?", "!", ".")) else "."
    return f"{point.heading}{end} {point.text}" if point.heading else point.text


def _listed(head: str, lines: tuple[str, ...]) -> str:
    return "\n".join((f"{head}:", *(f"- {line}" for line in lines))) if lines else ""


def _greeting(words: Mapping[str, str]) -> str:
    return words["greeting"].format(name=slot("name", words["reader"]))


def _opt_out(piece: Piece) -> str:
    return slot("opt_out_url", piece.url if is_web_address(piece.url) else "")


# --- the HTML, part by part ------------------------------------------------------------------------------


def _sheet(piece: Piece) -> str:
    words = choose_words(piece)
    lead = f'<p style="{_P};font-size:20px;line-height:1.5"><strong>{escape(piece.lead)}</strong></p>'
    inside = (
        f'<p style="{_P}">{_greeting(words)}</p>', lead if piece.lead else "",
        *(f'<p style="{_P}">{prose(part)}</p>' for part in split_paragraphs(piece.text)),
        _points(piece, words), _questions(piece, words), _warning(piece, words), _contacts(piece, words),
        _more(piece, words),
    )  # fmt: skip
    body = "\n".join(filter(None, inside))
    parts = (_head(piece), _key(piece), f'<div style="padding:24px 20px 8px">\n{body}\n</div>', _foot(piece, words))
    return "\n".join(filter(None, parts))


def _head(piece: Piece) -> str:
    publisher = f'<p style="margin:0 0 6px;font-size:16px;color:#ffffff">{escape(piece.publisher)}</p>\n'
    return (
        f'<div class="head" style="padding:24px 20px;background:{_TEAL};color:#ffffff">\n'
        f"{publisher if piece.publisher else ''}"
        f'<h1 style="margin:0;font-size:26px;line-height:1.25;color:#ffffff">{escape(piece.title)}</h1>\n</div>'
    )


def _key(piece: Piece) -> str:
    if not piece.key_figure:
        return ""
    large = f"margin:0;font-size:34px;line-height:1.2;color:{_INK}"
    return (
        f'<div class="key" style="padding:14px 20px;background:{_AMBER};color:{_INK}">\n'
        f'<p style="margin:0;font-size:17px;color:{_INK}">{escape(piece.key_label)}</p>\n'
        f'<p style="{large}"><strong>{escape(piece.key_figure)}</strong></p>\n</div>'
    )


def _points(piece: Piece, words: Mapping[str, str]) -> str:
    if not piece.points:
        return ""
    items = "\n".join(
        f'<li style="margin:0 0 12px"><strong>{escape(point.heading)}</strong><br>{prose(point.text)}</li>'
        for point in piece.points
    )
    return f'<h2 style="{_H2}">{escape(words["points"])}</h2>\n<ol style="margin:0;padding:0 0 0 26px">\n{items}\n</ol>'


def _questions(piece: Piece, words: Mapping[str, str]) -> str:
    if not piece.questions:
        return ""
    items = "\n".join(
        f'<p style="{_P}"><strong>{escape(item.heading)}</strong><br>{prose(item.text)}</p>' for item in piece.questions
    )
    return f'<h2 style="{_H2}">{escape(words["questions"])}</h2>\n{items}'


def _warning(piece: Piece, words: Mapping[str, str]) -> str:
    if not piece.warning:
        return ""
    return (
        f'<div class="sand" style="margin:24px 0;padding:16px;background:{_SAND};border-left:6px solid {_AMBER}">\n'
        f'<h2 style="margin:0 0 6px;font-size:18px;color:{_INK}">{escape(words["warning"])}</h2>\n'
        f'<p style="margin:0;color:{_INK}">{prose(piece.warning)}</p>\n</div>'
    )


def _contacts(piece: Piece, words: Mapping[str, str]) -> str:
    if not piece.contacts:
        return ""
    lines = (dialled(line, f"{_LINK};white-space:nowrap") for line in piece.contacts)
    items = "\n".join(f'<p style="margin:0 0 6px"><strong>{line}</strong></p>' for line in lines)
    return f'<h2 style="{_H2}">{escape(words["contact"])}</h2>\n{items}'


def _more(piece: Piece, words: Mapping[str, str]) -> str:
    """The link says where it leads: nobody is asked to press what they cannot read."""
    if not is_web_address(piece.url):
        return ""
    link = f'<a href="{escape(piece.url)}" style="{_LINK}">{escape(show_address(piece.url))}</a>'
    return f'<p style="margin:20px 0 16px">{escape(words["more"])}: {link}</p>'


def _foot(piece: Piece, words: Mapping[str, str]) -> str:
    small = f'class="soft" style="margin:0 0 8px;font-size:15px;color:{_SOFT}"'
    sources = f"{words['sources']}: {'; '.join(piece.sources)}" if piece.sources else ""
    lines = [f"<p {small}>{escape(line)}</p>" for line in (sources, words["true_on"]) if line]
    lines.append(f'<p {small}><a href="{_opt_out(piece)}" style="{_LINK}">{escape(words["opt_out"])}</a></p>')
    ruled = f"padding:16px 20px 20px;border-top:2px solid {_TEAL}"
    return f'<div style="{ruled}">\n' + "\n".join(lines) + "\n</div>"
