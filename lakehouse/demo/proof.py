"""What a demonstration claims, printed as it is checked; one claim that fails fails it."""

from rich.console import Console, RenderableType

from lakehouse.errors import LakehouseError


class Proof:
    """The claims of one demonstration, in order."""

    def __init__(self, console: Console, name: str) -> None:
        self.console, self.name = console, name
        self.claims = 0
        self.failed: list[str] = []

    def heading(self, text: str) -> None:
        """A line above what follows."""
        self.console.print(f"\n[bold]{text}[/]", highlight=False)

    def note(self, text: str) -> None:
        """What a reader should know; nothing is claimed."""
        self.console.print(f"  {text}", style="dim", highlight=False)

    def show(self, table: RenderableType) -> None:
        """A table."""
        self.console.print(table)

    def claim(self, text: str, holds: bool) -> None:
        """Print the claim and whether it holds."""
        self.claims += 1
        mark = "[green]✓[/]" if holds else "[bold red]✗[/]"
        self.console.print(f"  {mark} {text}", highlight=False)
        if not holds:
            self.failed.append(text)

    def close(self) -> None:
        """Raises LakehouseError, which names what did not hold; also when nothing was claimed."""
        if self.failed or not self.claims:
            what = "; ".join(self.failed) or "nothing was shown"
            raise LakehouseError(f"the demonstration {self.name} failed: {what}")
        self.console.print(f"\n[bold green]{self.claims} of {self.claims} claims hold.[/]")
