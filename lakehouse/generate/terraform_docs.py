"""Inputs and outputs of Terraform's modules, as tables in their README files."""

import re
from pathlib import Path

MARKER = "<!-- Generated from variables.tf and outputs.tf by `lakehouse generate`; do not edit. -->"
# terraform fmt guarantees this form: a block begins and ends at the first column.
BLOCK = re.compile(r'^(?:variable|output) "([\w-]+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)


def module_readmes(modules: Path) -> dict[Path, str]:
    """Text of each module's README: what a person wrote above the marker, the tables below it."""
    return {
        folder / "README.md": _readme(folder)
        for folder in sorted(modules.iterdir())
        if (folder / "variables.tf").exists()
    }


def _readme(folder: Path) -> str:
    readme = folder / "README.md"
    written = readme.read_text("utf-8") if readme.exists() else f"# Module {folder.name}\n\n"
    inputs = [
        [f"`{name}`", _text(body, "description"), _type(body), _need(body)]
        for name, body in BLOCK.findall((folder / "variables.tf").read_text("utf-8"))
    ]
    outputs = [
        [f"`{name}`", _text(body, "description")]
        for name, body in BLOCK.findall((folder / "outputs.tf").read_text("utf-8"))
    ]
    return "\n".join(
        [
            written.split(MARKER)[0].rstrip(),
            "",
            MARKER,
            "",
            *_table(["input", "", "type", "needed"], inputs),
            "",
            *_table(["output", ""], outputs),
            "",
        ]
    )


def _text(body: str, argument: str) -> str:
    found = re.search(rf'^  {argument}\s*= "(.*)"$', body, re.MULTILINE)
    return found[1].replace("|", "\\|").replace("<", "&lt;") if found else ""


def _type(body: str) -> str:
    found = re.search(r"^  type\s*= (.*)$", body, re.MULTILINE)
    # An object's fields stand on further lines; its name is enough here.
    return found[1].removesuffix("({").removesuffix("(object") if found else "any"


def _need(body: str) -> str:
    return "no" if re.search(r"^  default\s*=", body, re.MULTILINE) else "yes"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
