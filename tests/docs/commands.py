"""The commands that a Markdown document shows, from its code: fences, indented lines, backticks."""

import re
import shlex
from collections.abc import Iterator

# What is taken for a command: the words that start one of this project's.
PROGRAM = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(?:lakehouse|pytest|python|make|dbt|mf|sqlfluff)(?= |$)"
)
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELL = {"", "bash", "sh", "console"}


def commands_in(text: str) -> Iterator[list[str]]:
    """The words of every command of this project, the program's name without its folder first."""
    for line in _code_lines(text):
        found = PROGRAM.match(line)
        if not found:
            continue
        words = _words(line)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words = words[1:]
        if words:
            yield [words[0].removeprefix(".venv/bin/"), *words[1:]]


def _code_lines(text: str) -> Iterator[str]:
    for language, body in FENCE.findall(text):
        if language in SHELL:
            yield from body.splitlines()
    prose = FENCE.sub("", text)
    yield from re.findall(r"^ {4,}(.+)$", prose, flags=re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", prose)


def _words(line: str) -> list[str]:
    """Up to a comment, a pipe or the next command; none when the line is no shell's."""
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars=";|&>")
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        return []
    ends = [i for i, word in enumerate(words) if set(word) <= set(";|&>")]
    return words[: ends[0]] if ends else words
