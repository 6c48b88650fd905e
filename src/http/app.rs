use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;

use super::{Door, Limits};
use crate::papers::Templates;
use crate::pipeline::Pipeline;

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    /// The way of a call through the rooms, with store, index and rules.
    pub pipeline: Arc<Pipeline>,
    /// The templates of papers in force.
    pub templates: Arc<Templates>,
    /// What the process counted.
    pub metrics: PrometheusHandle,
    /// The limits in force.
    pub limits: Limits,
    /// How people come in.
    pub door: Arc<Door>,
}
