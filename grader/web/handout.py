"""Handouts: an author's Markdown as HTML that is safe to show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import quote, unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from grader.spec.pictures import own_name

_TAGS = {
    "a", "blockquote", "br", "code", "del", "details", "div", "em", "h2", "h3", "h4", "h5", "h6",
    "hr", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "pre": {"class"},
    "span": {"class"},
}
_OUR_CLASS = re.compile(r"highlight|math|[a-z][a-z0-9]?[a-z0-9]?")
_MATH = re.compile(
    r"\$\$(?:\\.|[^$\\])+\$\$|\$(?![\s$])(?:\\.|[^$\\`])*?(?<!\s)\$(?!\d)", re.DOTALL
)


def render_markdown(text: str, pictures: str = "") -> Markup:
    """Return Markdown as safe HTML for a page whose h1 already says the title.

    Formulas stay as their author wrote them, between dollars. Pictures of the folder are shown by
    their names behind the address `pictures`; without it, and for pictures from elsewhere, there is
    their description.
    """
    tokens = _MARKDOWN.parse(text)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        del tokens[:3]
    shift = 1 if any(token.tag == "h1" for token in tokens) else 0
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {"pictures": pictures})

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src"):
            name = value.removeprefix(pictures)
            return value if name != value and own_name(unquote(name)) else None
        return _filtered(tag, attribute, value)

    tags = _TAGS | {"img"} if pictures else _TAGS
    safe = nh3.clean(html, tags=tags, attributes=_ATTRIBUTES, attribute_filter=keep)
    return Markup(safe)


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    """Keep no class but those that we gave, and no link to a file that is not there."""
    if attribute == "class":
        return value if _OUR_CLASS.fullmatch(value) else None
    if (tag, attribute) == ("a", "href"):
        return value if value.startswith(("https://", "http://", "mailto:")) else None
    return value


def _scan_math(state: StateInline, is_silent: bool) -> bool:
    """Take `$...$` as it stands: Markdown would make emphasis of its underscores."""
    found = _MATH.match(state.src, state.pos) if state.src[state.pos] == "$" else None
    if found is None:
        return False
    if not is_silent:
        state.push("math", "span", 0).content = found.group()
    state.pos = found.end()
    return True


def _render_math(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    del self, options, env
    return f'<span class="math">{escape(tokens[index].content)}</span>'


def _render_image(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    del self, options
    said = escape(tokens[index].content)
    name = own_name(unquote(str(tokens[index].attrs.get("src", ""))))
    if name is None or not env.get("pictures"):
        return f"<em>[picture: {said or 'not described'}]</em>"
    return f'<img src="{escape(env["pictures"] + quote(name))}" alt="{said}">'


def _highlight(code: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return ""
    return f'<pre class="highlight">{highlight(code, lexer, HtmlFormatter(nowrap=True))}</pre>'


def _build_markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"highlight": _highlight})
    markdown.enable(["table", "strikethrough"])
    markdown.inline.ruler.before("escape", "math", _scan_math)
    markdown.add_render_rule("math", _render_math)
    markdown.add_render_rule("image", _render_image)
    return markdown


_MARKDOWN = _build_markdown()
