"""The portal article: a standalone page, or its body alone for pasting into a portal's editor.

One HTML page that needs nothing else: no script to read it, no outside file, large dark type on light
ground, headings in order, the date machine-readable, and the same facts as JSON-LD for search engines
(https://schema.org/NewsArticle, GovernmentService, FAQPage). All text is escaped; an address becomes a link only when
it is http or https.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lantoa.content.makers.form import is_web_address, show_address, split_paragraphs
from lantoa.content.makers.markup import dialled, escape, prose, shorten
from lantoa.content.makers.words import choose_words, show_day

if TYPE_CHECKING:
    from lantoa.content.rules.piece import Piece

_STYLE = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#0d2022;font:1.1875rem/1.65 "Be Vietnam Pro",system-ui,-apple-system,"Segoe UI",
Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%;text-size-adjust:100%}
article{max-width:44rem;margin:0 auto;padding:0 1.25rem 3rem}
article>header{margin:0 -1.25rem;padding:2rem 1.25rem;background:#00474b;color:#fff;border-bottom:.75rem solid #ffb81c}
article>header p{margin:0}
h1{margin:.5rem 0 0;font-size:clamp(2rem,6vw,3rem);line-height:1.2;text-wrap:balance}
h2{margin:2.5rem 0 .75rem;font-size:1.625rem;line-height:1.3;color:#00474b}
h3{margin:1.5rem 0 .25rem;font-size:1.25rem;line-height:1.4}
p{margin:0 0 1rem}
.key{margin:0 -1.25rem;padding:0 1.25rem 1.25rem;background:#ffb81c}
.key p{margin:0;font-weight:700}
.key strong{display:block;font-size:clamp(2.5rem,12vw,4.75rem);line-height:1.15;overflow-wrap:anywhere}
.lead{margin-top:1.5rem;font-size:1.375rem;line-height:1.55}
ol{padding-left:1.6em}
li{margin-bottom:.75rem}
li::marker{color:#00474b;font-weight:700}
li strong{display:block}
.warning{margin:2.5rem 0;padding:1.25rem;background:#fff3d1;border-left:.5rem solid #ffb81c}
.warning h2{margin-top:0;color:inherit}
.warning p:last-child{margin-bottom:0}
.contacts{list-style:none;padding:0;font-size:1.3125rem;font-weight:700}
a{color:#00474b;text-underline-offset:.15em}
a:focus-visible{outline:3px solid #f5a300;outline-offset:2px}
footer{margin-top:2.5rem;padding-top:1rem;border-top:2px solid #00474b;font-size:1.125rem;color:#34474a}
footer ul{padding-left:1.2em}
@media print{article>header{color:#00474b;background:none;padding-top:0}}
""".strip().replace("\n", "")


def write_article(piece: Piece) -> str:
    """A standalone HTML page of the piece, with its canonical link, description and structured data."""
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(_page_title(piece))}</title>",
        *_describe(piece),
        f"<style>{_STYLE}</style>",
        f'<script type="application/ld+json">{_script(_structure(piece))}</script>',
    ]
    lines = "\n".join(head)
    return (
        f'<!doctype html>\n<html lang="{escape(piece.language)}">\n<head>\n{lines}\n</head>\n<body>\n'
        f"<main>\n{write_article_fragment(piece)}</main>\n</body>\n</html>\n"
    )


def write_article_fragment(piece: Piece) -> str:
    """The `<article>` alone, for a portal that has its own page: no style, no script, headings from `h1` down."""
    words = choose_words(piece)
    parts = [
        _header(piece), _key(piece),
        f'<p class="lead">{escape(piece.lead)}</p>' if piece.lead else "",
        *(f"<p>{prose(part)}</p>" for part in split_paragraphs(piece.text)),
        _points(piece, words["points"]),
        _questions(piece, words["questions"]),
        _warning(piece, words["warning"]),
        _contacts(piece, words["contact"]),
        _footer(piece, words),
    ]
    body = "\n".join(filter(None, parts))
    return f'<article lang="{escape(piece.language)}">\n{body}\n</article>\n'


def _header(piece: Piece) -> str:
    publisher = f"<p>{escape(piece.publisher)}</p>\n" if piece.publisher else ""
    return f"<header>\n{publisher}<h1>{escape(piece.title)}</h1>\n</header>"


def _key(piece: Piece) -> str:
    if not piece.key_figure:
        return ""
    label = f"{escape(piece.key_label)} " if piece.key_label else ""
    return f'<div class="key"><p>{label}<strong>{escape(piece.key_figure)}</strong></p></div>'


def _points(piece: Piece, heading: str) -> str:
    if not piece.points:
        return ""
    items = "\n".join(
        f"<li><strong>{escape(point.heading)}</strong> {prose(point.text)}</li>" for point in piece.points
    )
    return f"<section>\n<h2>{escape(heading)}</h2>\n<ol>\n{items}\n</ol>\n</section>"


def _questions(piece: Piece, heading: str) -> str:
    if not piece.questions:
        return ""
    items = "\n".join(f"<h3>{escape(item.heading)}</h3>\n<p>{prose(item.text)}</p>" for item in piece.questions)
    return f"<section>\n<h2>{escape(heading)}</h2>\n{items}\n</section>"


def _warning(piece: Piece, heading: str) -> str:
    if not piece.warning:
        return ""
    return f'<aside class="warning">\n<h2>{escape(heading)}</h2>\n<p>{prose(piece.warning)}</p>\n</aside>'


def _contacts(piece: Piece, heading: str) -> str:
    if not piece.contacts:
        return ""
    items = "\n".join(f"<li>{dialled(line)}</li>" for line in piece.contacts)
    return f'<section>\n<h2>{escape(heading)}</h2>\n<ul class="contacts">\n{items}\n</ul>\n</section>'


def _footer(piece: Piece, words: dict[str, str]) -> str:
    lines = []
    if piece.sources:
        items = "\n".join(f"<li>{escape(source)}</li>" for source in piece.sources)
        lines.append(f"<p>{escape(words['sources'])}:</p>\n<ul>\n{items}\n</ul>")
    if piece.dated:
        day = show_day(piece)
        dated = f'<time datetime="{escape(piece.dated)}">{escape(day)}</time>'
        lines.append(f"<p>{escape(words['true_on']).replace(escape(day), dated)}</p>")
    if is_web_address(piece.url):
        lines.append(f'<p><a href="{escape(piece.url)}">{escape(show_address(piece.url))}</a></p>')
    return "<footer>\n" + "\n".join(lines) + "\n</footer>" if lines else ""


def _describe(piece: Piece) -> list[str]:
    """Description, canonical address and the words a social network shows with a shared link."""
    summary = shorten(piece.lead or " ".join(split_paragraphs(piece.text)) or piece.title, 200)
    lines = [
        f'<meta name="description" content="{escape(summary)}">',
        f'<meta property="og:title" content="{escape(piece.title)}">',
        f'<meta property="og:description" content="{escape(summary)}">',
        '<meta property="og:type" content="article">',
        f'<meta property="og:locale" content="{"vi_VN" if piece.language == "vi" else escape(piece.language)}">',
    ]
    if piece.publisher:
        lines.append(f'<meta property="og:site_name" content="{escape(piece.publisher)}">')
    if is_web_address(piece.url):
        lines.append(f'<link rel="canonical" href="{escape(piece.url)}">')
        lines.append(f'<meta property="og:url" content="{escape(piece.url)}">')
    return lines


def _structure(piece: Piece) -> dict[str, Any]:
    publisher = {"@type": "GovernmentOrganization", "name": piece.publisher} if piece.publisher else None
    place = {"@type": "AdministrativeArea", "name": piece.place} if piece.place else None
    url = piece.url if is_web_address(piece.url) else None
    article = {
        "@type": "NewsArticle", "headline": piece.title, "description": piece.lead, "inLanguage": piece.language,
        "datePublished": piece.dated, "dateModified": piece.dated, "mainEntityOfPage": url, "author": publisher,
        "publisher": publisher, "spatialCoverage": place, "isAccessibleForFree": True,
        "citation": list(piece.sources),
    }
    service = {
        "@type": "GovernmentService", "name": piece.title, "description": piece.lead, "url": url,
        "provider": publisher, "areaServed": place,
    }
    questions = [
        {"@type": "Question", "name": item.heading, "acceptedAnswer": {"@type": "Answer", "text": item.text}}
        for item in piece.questions
    ]
    graph: list[dict[str, Any]] = [article, service]
    if questions:
        graph.append({"@type": "FAQPage", "inLanguage": piece.language, "mainEntity": questions})
    return {"@context": "https://schema.org", "@graph": [_filled(node) for node in graph]}


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, "", [])}


def _script(data: dict[str, Any]) -> str:
    """JSON that cannot end its script element or open a comment, whatever the words."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _page_title(piece: Piece) -> str:
    return f"{piece.title} – {piece.publisher}" if piece.publisher else piece.title
