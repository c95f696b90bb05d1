"""What a run leaves on disk so that another command can go on with it or stop it."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Record:
    """Ports, process ids, the day that counts as today, and the steps that are done."""

    file: Path
    emulator_port: int = 0
    emulator_process: int | None = None
    trino_port: int = 0
    trino_process: int | None = None
    as_of: str = ""
    done: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> "Record | None":
        """The record in the file; None when there is none."""
        if not file.exists():
            return None
        return cls(file=file, **json.loads(file.read_text()))

    def write(self) -> None:
        """Replace the file."""
        content = asdict(self)
        content.pop("file")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(content, indent=1))
        fresh.replace(self.file)
