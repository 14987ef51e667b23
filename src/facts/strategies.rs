//! The strategies of pools: how `agent/credential_pool.py` takes one of several available entries. All releases have the same.

/// `STRATEGY_FILL_FIRST`, the default.
pub const FILL_FIRST: &str = "fill_first";
/// `STRATEGY_ROUND_ROBIN`.
pub const ROUND_ROBIN: &str = "round_robin";
/// `STRATEGY_RANDOM`.
pub const RANDOM: &str = "random";
/// `STRATEGY_LEAST_USED`.
pub const LEAST_USED: &str = "least_used";
