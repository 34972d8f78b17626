"""What embedding sites load: the widget's modules, their size, types and caching; and looks that are the page's."""

import gzip
import inspect
import re

import gradio.routes
import httpx
import pytest
from serving import ROOT, RunningServer

WIDGET = ROOT / "rag" / "web" / "widget"
STATIC = ROOT / "rag" / "web" / "static"
MODULES = sorted(path.name for path in WIDGET.glob("*.js"))
MOST_BYTES = 25_000

# What the page needs of Gradio, and an address that is ours.
OPEN = {
    ("GET", "/openapi.json"),
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/config"),
    ("GET", "/theme.css"),
    ("GET", "/favicon.ico"),
    ("GET", "/gradio_api/queue/data"),
    ("GET", "/gradio_api/startup-events"),
    ("GET", "/gradio_api/app_id"),
    ("GET", "/gradio_api/heartbeat/x"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/run/predict"),
    ("POST", "/gradio_api/cancel"),
    ("POST", "/gradio_api/reset"),
}


def address(module: str) -> str:
    return "/widget.js" if module == "registration.js" else f"/widget/{module}"


def test_all_modules_together_are_small() -> None:
    assert sum(len(gzip.compress((WIDGET / module).read_bytes())) for module in MODULES) <= MOST_BYTES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_can_be_loaded_from_any_site_and_kept_for_a_while(server: RunningServer, module: str) -> None:
    for origin in ({}, {"Origin": "https://anywhere.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "null"}):
        response = httpx.get(server.url + address(module), headers=origin)
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/javascript; charset=utf-8"
        assert response.headers["cache-control"] == "public, max-age=600"
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.text == (WIDGET / module).read_text(encoding="utf-8")
    again = httpx.get(server.url + address(module), headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cache-control"] == "public, max-age=600"


def test_every_import_leads_to_a_module(server: RunningServer) -> None:
    for module in MODULES:
        for imported in re.findall(r'from "([^"]+)"', (WIDGET / module).read_text(encoding="utf-8")):
            target = httpx.URL(server.url + address(module)).join(imported)
            assert httpx.get(target).status_code == 200, (module, imported)


def test_the_widget_writes_no_html_calls_no_third_party_and_sets_no_cookie() -> None:
    source = "".join((WIDGET / module).read_text(encoding="utf-8") for module in MODULES)
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "cookie =",
    ):
        assert forbidden not in source
    assert set(re.findall(r"https?://[^\s\"'`)]+", source)) == {"http://www.w3.org/2000/svg"}


def test_its_colours_are_those_of_the_page() -> None:
    page = dict(re.findall(r"--([\w-]+): (light-dark\(.*\));", (STATIC / "tokens.css").read_text(encoding="utf-8")))
    style = (WIDGET / "style.js").read_text(encoding="utf-8")
    widget = dict(re.findall(r"--([\w-]+): var\(--parley-[\w-]+, (light-dark\(.*\))\);", style))
    widget |= dict(re.findall(r"--([\w-]+): (light-dark\(.*\));", style))
    assert len(widget) >= 10
    assert widget.items() <= page.items()


def test_every_language_of_the_widget_has_every_word() -> None:
    source = (WIDGET / "words.js").read_text(encoding="utf-8")
    languages = re.findall(r"const (?:EN|UK|RU) = \{\n(.*?)\n\};", source, re.DOTALL)
    english, *others = [re.findall(r"^  (\w+):", words, re.MULTILINE) for words in languages]
    assert len(others) == 2
    assert all(words == english for words in others)


def test_everything_that_a_site_can_set_is_in_the_documentation() -> None:
    documentation = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    style, element = ((WIDGET / name).read_text(encoding="utf-8") for name in ("style.js", "element.js"))
    attributes = re.findall(r'getAttribute\("(\w+)"\)', element) + re.findall(r":host\(\[(\w+)=", style)
    assert set(attributes) >= {"server", "mode", "theme", "position", "language", "heading", "greeting", "starters"}
    for name in {*attributes, *re.findall(r"--parley-[\w-]+", style), *re.findall(r'"(parley-[\w]+)"', element)}:
        assert f"`{name}`" in documentation, name


def gradio_routes() -> list[tuple[str, str]]:
    """Every route that this version of Gradio declares, at both addresses that it may have."""
    decorator = r"@(?:app|router)\.(get|post|head|put|delete)\(\s*f?\"(/[^\"]*)\""
    declared = re.findall(decorator, inspect.getsource(gradio.routes))
    assert len(declared) > 30
    filled = {(method.upper(), re.sub(r"\{[^}]*\}", "x", path)) for method, path in declared}
    return sorted((method, prefix + path) for method, path in filled for prefix in ("", "/gradio_api"))


def test_of_all_routes_of_gradio_only_those_that_the_page_needs_are_open(server: RunningServer) -> None:
    with httpx.Client(base_url=server.url) as http:
        for method, path in gradio_routes():
            if (method, path) not in OPEN:
                assert http.request(method, path).status_code in {404, 405}, (method, path)
