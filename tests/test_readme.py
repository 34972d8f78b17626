"""The README names every command, option and setting, and nothing that does not exist."""

import re
from pathlib import Path

import pytest

from index.__main__ import command_parser as index_parser
from index.settings import Settings
from rag.__main__ import command_parser as rag_parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTINGS = sorted(f"PARLEY_{name.upper()}" for name in Settings.model_fields)


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_in_the_table_with_its_default_and_in_the_example(setting: str) -> None:
    field = Settings.model_fields[setting.removeprefix("PARLEY_").lower()]
    default = {None: "none", False: "`false`"}.get(field.default, f"`{field.default}`")
    assert f"| `{setting}` | {default} |" in README
    assert f"# {setting}=" in EXAMPLE


def test_the_table_has_no_setting_that_does_not_exist() -> None:
    assert set(re.findall(r"`(PARLEY_[A-Z_]+)`", README)) <= set(SETTINGS)


@pytest.mark.parametrize(("package", "parser"), [("index", index_parser()), ("rag", rag_parser())])
def test_every_command_is_shown(package: str, parser) -> None:
    (commands,) = [action for action in parser._actions if action.choices and not action.option_strings]
    for name, command in commands.choices.items():
        assert re.search(rf"python -m {package} (\w+ \| )*{name}\b|\| {name}\b", README), name
        for action in command._actions:
            long = [option for option in action.option_strings if option.startswith("--") and option != "--help"]
            assert all(option in README for option in long), (name, long)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_leads_to_a_file(link: str) -> None:
    assert (ROOT / link).exists()
