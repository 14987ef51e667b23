"""Generates cases for the comparison with the real Hermes Agent, one JSON line each.

    python generate.py --seed 1 --count 2000 [--hermes 0.19.0] [--id-prefix c] > cases.jsonl

The same seed gives the same cases, on any Python from 3.11 on; case N of a seed does not depend on the count.
Every key in them is invented. The worlds are made in `worlds/`.
"""

from __future__ import annotations

import argparse
import json
import sys

from worlds.dice import Dice
from worlds.world import case


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--hermes", default="0.19.0", help="the release that the cases are for")
    parser.add_argument("--id-prefix", default=None, help="before each case's number (default: the seed and a dash)")
    arguments = parser.parse_args()
    prefix = f"{arguments.seed}-" if arguments.id_prefix is None else arguments.id_prefix
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for number in range(1, arguments.count + 1):
        dice = Dice(f"{arguments.seed}/{number}")
        print(json.dumps(case(dice, f"{prefix}{number}", arguments.hermes)))


if __name__ == "__main__":
    main()
