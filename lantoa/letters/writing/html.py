"""The document as one standalone, accessible web page that prints like the paper."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lantoa.letters.writing.document import COUNTRY, MOTTO, Block, Heading, Item, OfficialDocument, Table, ended_list
from lantoa.letters.writing.text import date_line, number_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = "\N{NO-BREAK SPACE}" * 6
_STYLE = """
@page { size: A4; margin: 20mm 15mm 20mm 30mm }
body { font: 14pt/1.25 "Times New Roman", Tinos, "Liberation Serif", serif; color: #000; background: #fff;
  max-width: 165mm; margin: 10mm auto; padding: 0 4mm }
header, footer { display: grid; grid-template-columns: 63fr 100fr; gap: 2mm; font-size: 13pt }
header > div { text-align: center } header p, footer p { margin: 0 }
.agency b:last-of-type::after, .title::after { content: ""; display: block; width: 40%; max-width: 60mm;
  margin: 3px auto 0; border-top: 1px solid }
.motto { display: inline-block; border-bottom: 1px solid; padding-bottom: 2px }
.agency { font-size: 12pt } .agency b { display: block } .abstract { margin-top: 6pt } .dated { font-style: italic }
.urgency { display: inline-block; margin-top: 6pt; padding: 2px 10px; border: 1.5px solid #c00; color: #c00;
  font-weight: bold }
.title { text-align: center; margin: 14pt 0 10pt } .title h1, .title p { font-size: 14pt; font-weight: bold; margin: 0 }
.abstract h1 { font: inherit; margin: 0 }
.call { margin: 12pt auto; width: fit-content; max-width: 90% }
.call ul { list-style: none; margin: 0 0 0 4em; padding: 0 }
li::before { content: "- " } .call p { margin: 0 } .call.titled p { text-align: center; font-weight: bold }
main p { text-align: justify; text-indent: 1.27cm; margin: 6pt 0 }
main h2, main h3, main h4 { font-size: 14pt; margin: 8pt 0 0; text-indent: 1.27cm; break-after: avoid }
.annex { break-before: page } .annex h2, .annex h3 { font-size: 14pt; break-after: avoid }
h2.centred { text-align: center; text-indent: 0 }
table { border-collapse: collapse; width: 100%; font-size: 12pt } th, td { border: 1px solid; padding: 2pt 4pt }
.figure { text-align: center } thead { display: table-header-group } tr { break-inside: avoid }
footer { grid-template-columns: 1fr 1fr; margin-top: 12pt; break-inside: avoid; font-size: 11pt }
footer ul { list-style: none; margin: 0; padding: 0 } .recipients p { font: italic bold 12pt/1.25 "Times New Roman",
                                                                     serif }
.signature { text-align: center; font-size: 14pt; font-weight: bold } .signer { padding-top: 24mm }
@media (max-width: 40em) { body { font-size: 16px } header, footer { grid-template-columns: 1fr } .motto { border: 0 } }
"""


def write_html(document: OfficialDocument) -> str:
    """Return the document as HTML: headings, lists and tables are real ones, and it reads well without its style."""
    parts = (
        _head(document), _title(document), _addressees(document), _body(document), _foot(document), _annex(document)
    )
    inner = "\n".join(line for lines in parts for line in lines)
    return (
        '<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.heading_text)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{inner}\n</body>\n</html>\n"
    )


def _head(document: OfficialDocument) -> Iterator[str]:
    yield '<header>\n<div class="agency">'
    yield from (f"<p>{escape(line)}</p>" for line in document.parent_lines)
    yield f"<p><b>{'<br>'.join(map(escape, document.agency_lines))}</b></p>"
    yield f'</div>\n<div><p><b>{COUNTRY}</b></p>\n<p><b class="motto">{MOTTO}</b></p></div>'
    yield f"<div><p>{escape(number_line(document, _BLANK))}</p>"
    if document.abstract_lines:
        yield f'<div class="abstract"><h1>{"<br>".join(map(escape, document.abstract_lines))}</h1></div>'
    if document.urgency:
        yield f'<p><span class="urgency">{document.urgency}</span></p>'
    yield f'</div>\n<div class="dated"><p>{escape(date_line(document, _BLANK))}</p></div>\n</header>'


def _title(document: OfficialDocument) -> Iterator[str]:
    if document.title:
        subject = f"\n<p>{escape(document.subject)}</p>" if document.subject else ""
        yield f'<div class="title"><h1>{escape(document.title)}</h1>{subject}</div>'


def _addressees(document: OfficialDocument) -> Iterator[str]:
    lines = [escape(line) for line in ended_list(document.addressees)]
    if not lines:
        return
    yield f'<section class="call{"" if document.call == "Kính gửi:" else " titled"}">'
    if len(lines) == 1:
        yield f"<p>{escape(document.call)} {lines[0]}</p>"
    else:
        yield f"<p>{escape(document.call)}</p>\n<ul>"
        yield from (f"<li>{line}</li>" for line in lines)
        yield "</ul>"
    yield "</section>"


def _body(document: OfficialDocument) -> Iterator[str]:
    yield "<main>"
    for block in document.printed_blocks:
        yield from _block(block)
    yield "</main>"


def _annex(document: OfficialDocument) -> Iterator[str]:
    if document.annex:
        yield '<section class="annex">'
        for block in document.annex:
            yield from _block(block)
        yield "</section>"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        level = max(block.level, 1) + 1
        centred = ' class="centred"' if block.level == 0 else ""
        yield f"<h{level}{centred}>{escape(block.text)}</h{level}>"
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Item):
        yield f"<p>{escape(block.mark)} {escape(block.text)}</p>"
    else:
        lead, rest = (escape(part) for part in block.parts)
        text = f"<b>{lead}</b>{rest}" if lead else rest
        yield f"<p><i>{text}</i></p>" if block.italic else f"<p>{text}</p>"


def _table(block: Table) -> Iterator[str]:
    figures = [' class="figure"' if block.is_number_column(column) else "" for column in range(len(block.header))]
    yield "<table>\n<thead><tr>" + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.header)
    yield "</tr></thead>\n<tbody>"
    for row in block.rows:
        cells = zip(figures, row, strict=True)
        yield "<tr>" + "".join(f"<td{mark}>{escape(cell)}</td>" for mark, cell in cells) + "</tr>"
    yield "</tbody>\n</table>"


def _foot(document: OfficialDocument) -> Iterator[str]:
    yield '<footer>\n<div class="recipients">'
    if document.recipients_lines:
        yield "<p>Nơi nhận:</p>\n<ul>"
        yield from (f"<li>{escape(line)}</li>" for line in ended_list(document.recipients_lines))
        yield "</ul>"
    yield '</div>\n<div class="signature">'
    yield from (f"<p>{escape(line)}</p>" for line in document.authority_lines)
    if document.signer_name:
        yield f'<p class="signer">{escape(document.signer_name)}</p>'
    yield "</div>\n</footer>"
