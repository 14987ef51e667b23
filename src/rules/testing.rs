//! Checks a rule's examples, and the laws that hold for every finding.
