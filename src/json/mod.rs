//! JSON as Python's `json.loads` reads it, with the place of every value.
