//! What several suites need.

pub(crate) mod browser;
pub(crate) mod deal;
pub(crate) mod postgres;
pub(crate) mod provider;
pub(crate) mod service;
