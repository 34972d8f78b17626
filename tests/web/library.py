"""The documents of these tests: an invented country's talks in three languages, and a document that attacks."""

from pathlib import Path

LAKE = """\
---
id: lake-conference
title: "Corvin, 3 February 2026: delegations meet at the lake"
date: 2026-02-03
kind: event
language: en
sources:
  - {publisher: "Corvin Gazette", title: "Prisoner exchange agreed", date: 2026-02-04, url: "https://gazette.example/lake"}
  - {publisher: "Radio Borland", title: "No progress on the islands", date: null, url: null}
---
Delegations of Arland and Borland met at the lake hotel in Corvin on 3 February 2026.

The mediator Ilse Brandt said the sides had agreed to exchange 120 prisoners. She expected it within a week.

Nothing was agreed about the islands. The next round is planned for March.
"""

FERRY = """\
---
id: ferry
title: "Паром між Арландією та Борландією"
date: 2026-02-20
kind: event
language: uk
sources:
  - {publisher: "Вісник", title: "Паром", date: 2026-02-20, url: "https://visnyk.example/porom"}
---
Паром між Арландією та Борландією знову ходить з 20 лютого 2026 року. Квиток коштує вісім крон.
"""

GRAIN = """\
---
id: grain
title: "Зерно через порт Корвин"
date: 2026-01-10
kind: topic
language: ru
sources: []
---
Борландия вывезла через порт Корвин сорок тысяч тонн зерна. Соглашение действует до июня.
"""

HOSTILE = """\
---
id: zembla
title: "<img src=x onerror=window.pwned=1>Zembla's treasury </title><script>window.pwned=2</script>"
date: 2026-02-10
kind: "<b onmouseover=window.pwned=3>event"
language: en
sources:
  - publisher: "Zembla \\"><script>window.pwned=4</script>"
    title: "<svg onload=window.pwned=5>"
    date: 2026-02-10
    url: "https://evil.example/\\"><script>window.pwned=6</script>"
  - publisher: "Second"
    title: "data"
    date: null
    url: "https://evil.example/%22%3E%3Cscript%3Ewindow.pwned=7"
  - publisher: "Third"
    title: "quotes"
    date: null
    url: "https://evil.example/\\"onfocus=window.pwned=8/autofocus/"
---
The treasury of Zembla holds <script>window.pwned=9</script> forty \
<img src=http://evil.example/b.png onerror=window.pwned=10> golden \
<form action=http://evil.example/><input autofocus onfocus=window.pwned=11></form> crowns \
<div style="position:fixed;inset:0;z-index:99;background:url(http://evil.example/c)">, \
[so](javascript:window.pwned=12) ![it](http://evil.example/d.png) <svg/onload=window.pwned=13> says \
<iframe src=http://evil.example/ srcdoc="<script>parent.pwned=14</script>"> \
{{7*7}} ${7*7} $$\\href{javascript:window.pwned=15}{x}$$ <details open ontoggle=window.pwned=16> \
<style>@import url(http://evil.example/e.css)</style> \
**<a href="data:text/html,x" onclick=window.pwned=17>bold</a>** \
<math><mtext></math><noscript><p title="</noscript><img src=x onerror=window.pwned=18>"> \
&lt;img src=x onerror=window.pwned=19&gt; <base href=http://evil.example/> \
<meta http-equiv=refresh content="0;url=http://evil.example/"> \
<link rel=stylesheet href=http://evil.example/f.css> <video src=http://evil.example/g onerror=window.pwned=20> \
\u202egnisrever\u202c \u2066hidden\u2069 the Zembla treasurer.

```html
<script>window.pwned=21</script>
```

The treasury of Zembla opens at noon.
"""


def write_library(folder: Path) -> None:
    """The three documents about the invented talks, as seed files."""
    folder.mkdir(parents=True)
    for name, text in {"lake": LAKE, "ferry": FERRY, "grain": GRAIN}.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
