from lakehouse.generate.terraform_docs import MARKER, module_readmes

VARIABLES = """variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "sizes" {
  description = "Sizes | that cost money."
  type = object({
    workers = optional(number, 5)
  })
  default = {}
}
"""
OUTPUTS = """output "arn" {
  description = "The thing."
  value       = thing.arn
}
"""


def module(tmp_path, readme=None):
    folder = tmp_path / "thing"
    folder.mkdir()
    (folder / "variables.tf").write_text(VARIABLES)
    (folder / "outputs.tf").write_text(OUTPUTS)
    if readme:
        (folder / "README.md").write_text(readme)
    return module_readmes(tmp_path)[folder / "README.md"]


def test_inputs_and_outputs_are_listed_with_what_is_needed(tmp_path):
    text = module(tmp_path)
    assert "| `name` | Prefix of every name. | string | yes |" in text
    assert "| `sizes` | Sizes \\| that cost money. | object | no |" in text
    assert "| `arn` | The thing. |" in text


def test_what_a_person_wrote_stays_and_old_tables_go(tmp_path):
    text = module(tmp_path, readme=f"# Thing\n\nWhy it is there.\n\n{MARKER}\n\n| `gone` | x |\n")
    assert text.startswith(f"# Thing\n\nWhy it is there.\n\n{MARKER}\n")
    assert "gone" not in text


def test_writing_twice_changes_nothing(tmp_path):
    first = module(tmp_path)
    (tmp_path / "thing/README.md").write_text(first)
    assert module_readmes(tmp_path)[tmp_path / "thing/README.md"] == first
