"""JSON schemas of a pack's YAML files, for editors, and the page for authors; both made from the types that read the files.

`schemas()` and `page()` give what lies in `podlab/packs/schemas/` and `docs/authors.md`; `python3 manage.py pack schema` writes them.
"""

from __future__ import annotations

import ast
import inspect
import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from podlab.checks import spec
from podlab.home import ROOT
from podlab.packs import model
from podlab.sim.presets import NAMES

FOLDER = Path(__file__).parent / "schemas"
PAGE = ROOT / "docs" / "authors.md"
FILES: dict[str, Any] = {
    "pack": model.PackFile,
    "lesson": model.LessonFile,
    "cluster": model.ClusterSpec,
    "glossary": list[model.Term],
    "images": list[model.ImageFile],
}
"""Name of the file without `.yaml` → what it is."""
DURATION = r"^-?(\d+(ms|s|m|h))+$"
DURATIONS = {("Check", "for"), ("Hint", "idle"), ("Past", "at"), ("Traffic", "every")}
MORE: dict[str, dict[str, Any]] = {
    "Check": {"oneOf": [{"required": [kind]} for kind in spec.KINDS]},
    "Guard": {"oneOf": [{"required": ["never"]}, {"required": ["held"]}]},
    "Hint": {"oneOf": [{"required": ["when"]}, {"required": ["idle"]}]},
    "Answer": {"oneOf": [{"required": ["happened"]}, {"required": ["is"]}, {"required": ["value"]}]},
    "Past": {"oneOf": [{"required": ["apply"]}, {"required": ["run"]}, {"required": ["fault"]}]},
}
"""What the types' own checks demand beyond their fields."""
FIELDS: dict[tuple[str, str], dict[str, Any]] = {
    ("PackFile", "id"): {"pattern": f"^{model.SLUG.pattern}$", "maxLength": 60},
    ("PackFile", "version"): {"pattern": f"^{model.VERSION.pattern}$"},
    ("PackFile", "languages"): {"minItems": 1},
    ("LessonFile", "minutes"): {"minimum": 1, "maximum": 60},
    ("LessonFile", "tasks"): {"minItems": 1},
    ("Check", "times"): {"minimum": 1, "maximum": 1000},
    **{("ClusterSpec", each): {"additionalProperties": {"type": "string", "pattern": DURATION}} for each in ("pulls", "boots", "timings")},
    ("ClusterSpec", "preset"): {"enum": [name for name in NAMES if name != "standard"]},
}
HEAD = """# A pack's YAML files, field by field

Made from the types that read them by `python3 manage.py pack schema`; do not edit. How a pack is put together, what checks and texts may say:
[packs.md](packs.md). Editors that know JSON schemas complete and check these files as you write: `pack new` puts the schemas beside your pack.

Where the type is *words*, write each language: `{en: …, ko: …}`. Where it is *time*, write it like `30s`, `2m` or `1m30s`.
"""


def schemas() -> dict[str, str]:
    """File name → JSON schema."""
    return {f"{name}.json": json.dumps(schema(type_), ensure_ascii=False, indent=1) + "\n" for name, type_ in FILES.items()}


def schema(type_: Any) -> dict[str, Any]:
    """The JSON schema of one of the files."""
    made = msgspec.json.schema(type_)
    for name, each in made["$defs"].items():
        each["description"] = inspect.cleandoc(each["description"])
        each.update(MORE.get(name, {}))
        told = _told(name)
        each["properties"] = {field: _field(name, field, found, told) for field, found in each["properties"].items()}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **made}


def _field(owner: str, name: str, found: dict[str, Any], told: dict[str, str]) -> dict[str, Any]:
    """A field as an author sees it: never null, with its sentence."""
    shapes = [each for each in found.get("anyOf", []) if each != {"type": "null"}]
    if shapes:
        found = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    else:
        found = {word: value for word, value in found.items() if word != "default"}
    time = {"pattern": DURATION} if (owner, name) in DURATIONS else {}
    return {"description": told[name], **found, **time, **FIELDS.get((owner, name), {})}


@cache
def _told(owner: str) -> dict[str, str]:
    """Field → the sentence that stands below it in the type."""
    type_ = getattr(spec, owner, None) or getattr(model, owner)
    body = ast.parse(inspect.getsource(type_)).body[0].body  # type: ignore[attr-defined]
    found = {}
    for line, after in pairwise(body):
        if isinstance(line, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[_word(type_, ast.unparse(line.target))] = inspect.cleandoc(str(after.value.value))
    return found


def _word(type_: type[msgspec.Struct], attribute: str) -> str:
    return type_.__struct_encode_fields__[type_.__struct_fields__.index(attribute)]


def page() -> str:
    """The page for authors."""
    parts = [HEAD]
    seen: set[str] = set()
    for name, type_ in FILES.items():
        made = schema(type_)
        parts.append(f"## {name}.yaml\n")
        if made.get("type") == "array":
            parts.append("A list of these:\n")
        parts += [_section(each, found) for each, found in made["$defs"].items() if each not in seen]
        seen |= set(made["$defs"])
    return "\n".join(parts)


def _section(name: str, found: dict[str, Any]) -> str:
    heading = "" if name.endswith(("File", "Spec")) and name != "NodeSpec" and name != "FaultSpec" else f"### {_title(name)}\n\n"
    rows = [
        f"| `{field}`{' *' if field in found.get('required', []) else ''} | {_kind(field, each)} | {each['description']} |"
        for field, each in found["properties"].items()
    ]
    return f"{heading}{found['description']}\n\n| field (* needed) | type | what |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _title(name: str) -> str:
    return name.removesuffix("Spec").removesuffix("File").lower()


def _kind(field: str, found: dict[str, Any]) -> str:
    """A field's type in a few words."""
    if "anyOf" in found:
        return " or ".join(dict.fromkeys(_kind(field, each) for each in found["anyOf"]))
    if "$ref" in found:
        name = _title(found["$ref"].rpartition("/")[2])
        return f"[{name}](#{name})"
    if "enum" in found:
        return ", ".join(f"`{each}`" for each in found["enum"])
    if found.get("pattern") == DURATION:
        return "time"
    if found["type"] == "array":
        return f"list of {_kind(field, found['items'])}"
    if found["type"] == "object":
        words = field in ("title", "summary", "text", "ask", "why", "done", "options", "rows")
        return "words" if words else f"table of {_kind(field, found['additionalProperties'])}"
    return {"string": "text", "integer": "number", "boolean": "true or false"}[found["type"]]


def write() -> list[Path]:
    """Write schemas and page; their paths in the repository."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, "utf-8")
    PAGE.write_text(page(), "utf-8")
    return [path.relative_to(ROOT) for path in (*(FOLDER / name for name in schemas()), PAGE)]
