"""How much of the real program's code the cases reach, by lines and branches.

    python branch_coverage.py --run TOOLS WORK DRIVER CASES   asks the driver the cases, measured by coverage.py
    python branch_coverage.py --report WORK TARGETS [--missing]  prints the table of what was reached

`TOOLS` is a folder with coverage.py, `WORK` one for the measurements. `TARGETS` (reach.toml) names the files and functions
that count, and those that do not, with a reason each. The table is Markdown; `--missing` lists what was not reached instead.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

SITE = """\
import os
if os.environ.get("COVERAGE_PROCESS_START"):
    import coverage
    coverage.process_startup()
"""


def run(tools: Path, work: Path, driver: Path, cases: Path, jobs: str) -> None:
    targets = tomllib.loads((driver.parent / "reach.toml").read_text(encoding="utf-8"))
    work.mkdir(parents=True, exist_ok=True)
    for old in work.glob("measured*"):
        old.unlink()
    (work / "sitecustomize.py").write_text(SITE, encoding="utf-8")
    included = "".join(f"    */{target['file']}\n" for target in targets["target"])
    (work / "settings").write_text(
        f"[run]\nbranch = True\nparallel = True\ndata_file = {work / 'measured'}\ninclude =\n{included}",
        encoding="utf-8",
    )
    path = [str(work), str(tools), *filter(None, [os.environ.get("PYTHONPATH")])]
    environ = dict(os.environ, PYTHONPATH=os.pathsep.join(path), COVERAGE_PROCESS_START=str(work / "settings"))
    with cases.open("rb") as asked:
        command = [sys.executable, str(driver), "--jobs", jobs]
        subprocess.run(command, stdin=asked, stdout=subprocess.DEVNULL, env=environ, check=True)
    for step in (["combine", "-q"], ["json", "-q", "-o", str(work / "measured.json")]):
        subprocess.run(
            [sys.executable, "-m", "coverage", *step, "--rcfile", str(work / "settings")],
            cwd=work, env=environ | {"COVERAGE_PROCESS_START": ""}, check=True,
        )


def functions(source: str) -> dict[str, range]:
    """The lines of each function's body, by its name within the module."""
    found = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found[prefix + inner.name] = range(inner.body[0].lineno, inner.end_lineno + 1)
            elif isinstance(inner, ast.ClassDef):
                visit(inner, f"{prefix}{inner.name}.")
            elif isinstance(inner, (ast.If, ast.Try)):
                visit(inner, prefix)

    visit(ast.parse(source), "")
    return found


def lines_of(entry: dict, bodies: dict[str, range], source: list[str]) -> set[int]:
    """The lines that an exclusion is about: a function's, or those between two texts in a function."""
    body = bodies.get(entry["function"])
    if body is None:
        return set()
    if "from" not in entry:
        return set(body)
    starts = [line for line in body if entry["from"] in source[line - 1]]
    if not starts:
        raise SystemExit(f"{entry['file']}, {entry['function']}: no line holds {entry['from']!r}")
    ends = [line for line in body if line >= starts[0] and entry.get("to", entry["from"]) in source[line - 1]]
    return set(range(starts[0], ends[0] + 1 if ends else body.stop))


class File:
    """What of a file counts, and what of that was reached."""

    def __init__(self, target: dict, excluded: list[dict], path: Path, measured: dict) -> None:
        self.name = target["file"]
        source = path.read_text(encoding="utf-8")
        bodies = functions(source)
        names = target.get("functions", list(bodies))
        counted = {line: name for name in names for line in bodies.get(name, ())}
        out = set()
        for entry in excluded:
            if entry["file"] == self.name:
                out |= lines_of(entry, bodies, source.split("\n"))
        self.lines = {line: name for line, name in counted.items() if line not in out}
        mine = lambda lines: [line for line in lines if line in self.lines]  # noqa: E731
        self.reached, self.missed = mine(measured["executed_lines"]), mine(measured["missing_lines"])
        arcs = lambda arcs: [arc for arc in arcs if arc[0] in self.lines and abs(arc[1]) not in out]  # noqa: E731
        self.taken, self.not_taken = arcs(measured["executed_branches"]), arcs(measured["missing_branches"])
        self.excluded = len(out & set(counted))

    def share(self) -> float:
        good, bad = len(self.reached) + len(self.taken), len(self.missed) + len(self.not_taken)
        return 100.0 * good / max(good + bad, 1)


def report(work: Path, targets: Path, missing: bool) -> None:
    wanted = tomllib.loads(targets.read_text(encoding="utf-8"))
    measured = json.loads((work / "measured.json").read_text(encoding="utf-8"))["files"]
    files = []
    for target in wanted["target"]:
        found = [name for name in measured if name.replace("\\", "/").endswith("/" + target["file"])]
        if found:
            files.append(File(target, wanted.get("excluded", []), Path(found[0]), measured[found[0]]))
    if missing:
        for file in files:
            by_function: dict[str, list[str]] = {}
            for line in file.missed:
                by_function.setdefault(file.lines[line], []).append(str(line))
            for start, end in file.not_taken:
                if start not in file.missed and abs(end) not in file.missed:
                    by_function.setdefault(file.lines[start], []).append(f"{start}->{end}")
            for name, places in by_function.items():
                print(f"{file.name} {name}: {' '.join(places)}")
        return
    print("| file | lines reached | branches reached | share | lines left out |\n| --- | ---: | ---: | ---: | ---: |")
    for file in files:
        lines = f"{len(file.reached)} of {len(file.reached) + len(file.missed)}"
        branches = f"{len(file.taken)} of {len(file.taken) + len(file.not_taken)}"
        print(f"| `{file.name}` | {lines} | {branches} | {file.share():.1f} % | {file.excluded} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--run", nargs=4, type=Path, metavar=("TOOLS", "WORK", "DRIVER", "CASES"))
    parser.add_argument("--report", nargs=2, type=Path, metavar=("WORK", "TARGETS"))
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--jobs", default=str(os.cpu_count() or 1))
    arguments = parser.parse_args()
    if arguments.run:
        run(*(path.absolute() for path in arguments.run), arguments.jobs)
    if arguments.report:
        report(*arguments.report, arguments.missing)


if __name__ == "__main__":
    main()
