"""Prints the release's default configuration as YAML, as `hermes config` would save it."""

import sys

import yaml

from hermes_cli.config import DEFAULT_CONFIG

yaml.safe_dump(DEFAULT_CONFIG, sys.stdout, sort_keys=False, allow_unicode=True)
