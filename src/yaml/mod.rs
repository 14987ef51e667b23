//! YAML 1.1 as `yaml.load(text, CSafeLoader)` reads it, with the place of every key, value and entry.
