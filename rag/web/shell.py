"""The HTML around Gradio's application: title, landmarks, styles, and a page that is there before any script is.

Gradio's own template names pictures on other hosts, loads a script for embedding and has inline scripts without a
nonce. This middleware rewrites that one response; a test in the browser fails when a new Gradio breaks it.
"""

import json
import re
import secrets
from html import escape

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.web.security import page_policy
from rag.web.strings import INTERFACE_LANGUAGES, LANGUAGE_COOKIE, LANGUAGE_PARAMETER, Strings, interface_strings

TITLE = "Parley"

_YEAR_S = 365 * 24 * 3600
_SOCIAL_META = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*")
_EMBEDDING_SCRIPT = re.compile(r"<script>\s*\(\(\) => \{\s*const root = .*?</script>\s*", re.DOTALL)
_MANIFEST = re.compile(r"<link rel=\"manifest\"[^>]*>\s*")
_LANGUAGE = re.compile(r"<html\s+lang=\"[^\"]*\"")


def dress(html: str, nonce: str, strings: Strings) -> str:
    """Gradio's page as ours; `nonce` goes on its inline scripts."""
    for unwanted in (_SOCIAL_META, _EMBEDDING_SCRIPT, _MANIFEST):
        html = unwanted.sub("", html)
    html = _LANGUAGE.sub(f'<html lang="{strings.language}"', html, count=1)
    html = html.replace("</head>", _head(strings), 1).replace("<gradio-app", _masthead(strings) + "<gradio-app", 1)
    return html.replace("<script", f'<script nonce="{nonce}"')


def _head(strings: Strings) -> str:
    words = json.dumps(strings.section("script"), ensure_ascii=False).replace("<", "\\u003c")
    return f"""<meta name="description" content="{escape(strings("shell.promise"))}">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/parley/tokens.css">
<link rel="stylesheet" href="/parley/page.css">
<link rel="stylesheet" href="/parley/turn.css">
<link rel="stylesheet" href="/parley/catalogue.css">
<link rel="stylesheet" href="/parley/timeline.css">
<link rel="stylesheet" href="/parley/briefing.css">
<script type="application/json" id="parley-strings">{words}</script>
<script src="/parley/theme.js"></script>
<script src="/parley/language.js"></script>
<script type="module" src="/parley/page.js"></script>
</head>"""


def _masthead(strings: Strings) -> str:
    return f"""<a class="skip" href="#question">{escape(strings("shell.skip"))}</a>
<header class="masthead">
<div class="utilities">
<nav class="languages" aria-label="{escape(strings("shell.language"))}">{_languages(strings)}</nav>
<button type="button" class="utility history-open" hidden></button>
<button type="button" class="utility theme-switch" hidden></button>
</div>
<p class="name">{TITLE}</p>
<p class="promise">{escape(strings("shell.promise"))}</p>
</header>
<noscript><p class="notice">{escape(strings("shell.no_script"))}
<a href="/documents">{escape(strings("shell.no_script_list"))}</a>.</p></noscript>
"""


def _languages(strings: Strings) -> str:
    """A link for each language; page.js keeps the conversation in it."""
    current = {strings.language: ' aria-current="true"'}
    return "".join(
        f'<a href="/?{LANGUAGE_PARAMETER}={code}" lang="{code}" hreflang="{code}"{current.get(code, "")}>{name}</a>'
        for code, name in INTERFACE_LANGUAGES.items()
    )


class PageShell:
    """Rewrites the response to `/` and leaves all others alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        strings = interface_strings(request.query_params, request.cookies, request.headers.get("accept-language", ""))
        start: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            nonce = secrets.token_urlsafe(16)
            page = dress(body.decode(), nonce, strings).encode()
            headers = MutableHeaders(scope=start)
            headers["Content-Length"] = str(len(page))
            headers["Content-Security-Policy"] = page_policy(nonce)
            headers["Cache-Control"] = "no-store"
            if request.query_params.get(LANGUAGE_PARAMETER) == strings.language:  # chosen here, for all pages
                headers["Set-Cookie"] = f"{LANGUAGE_COOKIE}={strings.language}; Path=/; Max-Age={_YEAR_S}; SameSite=Lax"
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, collect)
