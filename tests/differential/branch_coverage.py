"""How much of the real program's code cases reach, by lines and branches.

    python branch_coverage.py --targets FILE --hermes RELEASE --tools FOLDER
        --run DRIVER CASES REACHED    asks the driver the cases, measured by coverage.py, and writes what they reach
        --table REACHED…              prints the table of what they reach together, in Markdown
        --shares REACHED…             prints the same as JSON
        --missing REACHED…            prints what they do not reach together
        --parts REACHED               prints what each case reaches, a JSON list of numbers a line

FILE (reach.toml) names the files and functions that count, and the lines that do not, with a reason each. FOLDER has
coverage.py.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path


def targets_of(path: Path, release: str) -> dict:
    """What of reach.toml is for a release: an entry without `releases` is for all."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        part: [entry for entry in told.get(part, []) if release in entry.get("releases", [release])]
        for part in ("target", "excluded")
    }


def run(tools: Path, driver: Path, targets: dict, cases: Path, reached: Path, jobs: str) -> None:
    """Writes the arcs that were run, pairs of lines: a table of all, and for each case the numbers of its own."""
    files = list(dict.fromkeys(target["file"] for target in targets["target"]))
    command = [sys.executable, str(driver), "--jobs", jobs, "--reach", str(tools), *files]
    numbers: dict[tuple, int] = {}
    lists = []
    with cases.open("rb") as asked, subprocess.Popen(command, stdin=asked, stdout=subprocess.PIPE) as running:
        for line in running.stdout:
            of_case = json.loads(line).get("reached", {})
            arcs = [(file, *arc) for file in of_case for arc in of_case[file]]
            lists.append([numbers.setdefault(arc, len(numbers)) for arc in arcs])
    if running.returncode:
        raise SystemExit(f"the driver ended with {running.returncode}")
    text = json.dumps({"arcs": list(numbers), "imports": lists[0], "cases": lists[1:]}, separators=(",", ":"))
    unfinished = reached.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(reached)


def program_path(file: str) -> Path | None:
    """Where the release that runs has this file, if it has."""
    try:
        found = importlib.util.find_spec(file.removesuffix(".py").replace("/", "."))
    except ImportError:
        return None
    return Path(found.origin).resolve() if found else None


def analysed(tools: Path, paths: dict[str, Path], arcs: set[tuple]) -> dict[str, dict]:
    """What coverage.py makes of arcs: for each file the lines and branches that are run and those that are not."""
    sys.path.append(str(tools))
    coverage = importlib.import_module("coverage")
    measuring = coverage.Coverage(data_file=None, branch=True, config_file=False)
    of_file: dict[str, list] = {str(path): [] for path in paths.values()}
    for file, start, end in arcs:
        of_file[str(paths[file])].append((start, end))
    measuring.get_data().add_arcs(of_file)
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "told.json")
        measuring.json_report(morfs=list(of_file), outfile=str(told))
        files = json.loads(told.read_text(encoding="utf-8"))["files"]
    by_path = {Path(name).resolve(): measured for name, measured in files.items()}
    return {file: by_path[path] for file, path in paths.items()}


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
    """The lines that an exclusion is about: a function's, or those between two texts in a function; none if they are not there."""
    if isinstance(entry["function"], list):
        return set().union(*(lines_of(entry | {"function": name}, bodies, source) for name in entry["function"]))
    body = bodies.get(entry["function"], ())
    if "from" not in entry:
        return set(body)
    first, last = entry["from"], entry.get("to", entry["from"])
    start = next((line for line in body if first in source[line - 1]), None)
    end = next((line for line in body if start and line >= start and last in source[line - 1]), None)
    return set(range(start, end + 1)) if end else set()


class File:
    """What of a file counts, and what of that was reached."""

    def __init__(self, target: dict, excluded: list[dict], path: Path, measured: dict) -> None:
        self.name = target["file"]
        source = path.read_text(encoding="utf-8")
        bodies = functions(source)
        names = target.get("functions", list(bodies))
        counted = {line: name for name in names for line in bodies.get(name, ())}
        out, self.stale = set(), []
        for entry in excluded:
            lines = lines_of(entry, bodies, source.split("\n")) if entry["file"] == self.name else None
            out |= lines or set()
            if lines == set():
                self.stale.append(f"{self.name}, {entry['function']}, {entry.get('from', 'all of it')!r}")
        self.lines = {line: name for line, name in counted.items() if line not in out}
        mine = lambda lines: [line for line in lines if line in self.lines]  # noqa: E731
        self.reached, self.missed = mine(measured["executed_lines"]), mine(measured["missing_lines"])
        arcs = lambda arcs: [arc for arc in arcs if arc[0] in self.lines and abs(arc[1]) not in out]  # noqa: E731
        self.taken, self.not_taken = arcs(measured["executed_branches"]), arcs(measured["missing_branches"])
        self.excluded = len(out & set(counted))


def files_of(tools: Path, targets: dict, arcs: set[tuple]) -> list[File]:
    found = {target["file"]: program_path(target["file"]) for target in targets["target"]}
    paths = {file: path for file, path in found.items() if path is not None}
    measured = analysed(tools, paths, arcs)
    there = [target for target in targets["target"] if target["file"] in paths]
    files = [
        File(target, targets["excluded"], paths[target["file"]], measured[target["file"]]) for target in there
    ]
    return [file for file in files if file.lines]


def print_missing(files: list[File]) -> None:
    for file in files:
        by_function: dict[str, list[str]] = {}
        for line in file.missed:
            by_function.setdefault(file.lines[line], []).append(str(line))
        for start, end in file.not_taken:
            if start not in file.missed and abs(end) not in file.missed:
                by_function.setdefault(file.lines[start], []).append(f"{start}->{end}")
        for name, places in by_function.items():
            print(f"{file.name} {name}: {' '.join(places)}")


def share(good: int, bad: int) -> str:
    return f"{good} of {good + bad}, {100.0 * good / max(good + bad, 1):.1f} %"


def print_table(files: list[File]) -> None:
    print("| file | lines reached | branches reached | lines left out |\n| --- | ---: | ---: | ---: |")
    for file in files:
        lines, branches = share(len(file.reached), len(file.missed)), share(len(file.taken), len(file.not_taken))
        print(f"| `{file.name}` | {lines} | {branches} | {file.excluded} |")


def print_shares(files: list[File]) -> None:
    shares = [
        {
            "file": file.name,
            "lines": [len(file.reached), len(file.reached) + len(file.missed)],
            "branches": [len(file.taken), len(file.taken) + len(file.not_taken)],
        }
        for file in files
    ]
    print(json.dumps(shares))


def refuse_stale(files: list[File]) -> None:
    """An exclusion that names no line is a mistake in the newest release; older ones may lack what it is about."""
    stale = [entry for file in files for entry in file.stale]
    if stale:
        raise SystemExit("reach.toml leaves out what is not there: " + "; ".join(stale))


def print_parts(files: list[File], reached: dict) -> None:
    """For each case the lines and branches that count and that it runs, by numbers that are a release's own."""
    lines = [(file.name, line) for file in files for line in sorted(file.reached + file.missed)]
    branches = [(file.name, *arc) for file in files for arc in sorted(file.taken + file.not_taken)]
    numbers = {part: number for number, part in enumerate(lines + branches)}
    parts_of = [
        {numbers[part] for part in ((file, abs(start)), (file, abs(end)), (file, start, end)) if part in numbers}
        for file, start, end in reached["arcs"]
    ]
    for case in reached["cases"]:
        print(json.dumps(sorted(set().union(*(parts_of[number] for number in case)))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--targets", type=Path, required=True)
    parser.add_argument("--hermes", required=True)
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--newest", action="store_true", help="the release must have every line that is left out")
    parser.add_argument("--jobs", default=str(os.cpu_count() or 1))
    parser.add_argument("--run", nargs=3, type=Path, metavar=("DRIVER", "CASES", "REACHED"))
    parser.add_argument("--table", nargs="+", type=Path, metavar="REACHED")
    parser.add_argument("--shares", nargs="+", type=Path, metavar="REACHED")
    parser.add_argument("--missing", nargs="+", type=Path, metavar="REACHED")
    parser.add_argument("--parts", type=Path, metavar="REACHED")
    arguments = parser.parse_args()
    targets, tools = targets_of(arguments.targets, arguments.hermes), arguments.tools.absolute()
    if arguments.run:
        run(tools, arguments.run[0], targets, *arguments.run[1:], arguments.jobs)
    asked = arguments.table or arguments.shares or arguments.missing or [path for path in (arguments.parts,) if path]
    if not asked:
        return
    told = [json.loads(path.read_text(encoding="utf-8")) for path in asked]
    files = files_of(tools, targets, {tuple(arc) for one in told for arc in one["arcs"]})
    if arguments.newest:
        refuse_stale(files)
    if arguments.table:
        print_table(files)
    if arguments.shares:
        print_shares(files)
    if arguments.missing:
        print_missing(files)
    if arguments.parts:
        print_parts(files, told[0])


if __name__ == "__main__":
    main()
