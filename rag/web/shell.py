"""The HTML around Gradio's application: title, landmarks, styles, and a page that is there before any script is.

Gradio's own template names pictures on other hosts, loads a script for embedding and has inline scripts without a
nonce. This middleware rewrites that one response; a test in the browser fails when a new Gradio breaks it.
"""

import re
import secrets
from html import escape

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.web.security import page_policy

TITLE = "Parley"
PROMISE = "Ask about the talks between Ukraine and Russia. Every sentence shows the words it rests on."

_SOCIAL_META = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*")
_EMBEDDING_SCRIPT = re.compile(r"<script>\s*\(\(\) => \{\s*const root = .*?</script>\s*", re.DOTALL)
_MANIFEST = re.compile(r"<link rel=\"manifest\"[^>]*>\s*")

_HEAD = f"""<meta name="description" content="{escape(PROMISE)}">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/parley/tokens.css">
<link rel="stylesheet" href="/parley/page.css">
<script src="/parley/theme.js"></script>
<script type="module" src="/parley/page.js"></script>
</head>"""

_HEADER = f"""<a class="skip" href="#question">Skip to the question</a>
<header class="masthead">
<div>
<p class="name">{TITLE}</p>
<p class="promise">{escape(PROMISE)}</p>
</div>
<button type="button" class="theme-switch" hidden>Dark</button>
</header>
<noscript><p class="notice">The page needs JavaScript; without it, the documents can be read through
<a href="/api/documents">their list</a>.</p></noscript>
<gradio-app"""


def dress(html: str, nonce: str) -> str:
    """Gradio's page as ours; `nonce` goes on its inline scripts."""
    for unwanted in (_SOCIAL_META, _EMBEDDING_SCRIPT, _MANIFEST):
        html = unwanted.sub("", html)
    html = html.replace("</head>", _HEAD, 1).replace("<gradio-app", _HEADER, 1)
    return html.replace("<script", f'<script nonce="{nonce}"')


class PageShell:
    """Rewrites the response to `/` and leaves all others alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
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
            page = dress(body.decode(), nonce).encode()
            headers = MutableHeaders(scope=start)
            headers["Content-Length"] = str(len(page))
            headers["Content-Security-Policy"] = page_policy(nonce)
            headers["Cache-Control"] = "no-store"
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, collect)
