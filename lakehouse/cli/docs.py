"""`lakehouse docs`."""

from lakehouse.cli import console
from lakehouse.cli.home import current_home


def docs() -> None:
    """Build the dbt docs site as one self-contained page."""
    from lakehouse.stages.gold import build_docs

    with console.status("dbt docs generate"):
        page = build_docs(current_home().state)
    console.print(f"Docs site: {page}", highlight=False)
