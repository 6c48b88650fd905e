use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::deployment::Deployment;
use super::door::door;
use super::{Outcome, note};
use crate::http::{App, Limits, router};
use crate::pipeline::{self, Pipeline};
use crate::settings::Settings;

/// Runs the service until it is told to stop.
pub(super) async fn run(settings: &Settings) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open(settings).await?;
    let _lock = deployment.lock()?;
    let pipeline = deployment.pipeline().await?;
    if settings.store.url.is_empty() {
        pipeline.take_back().await?;
    }
    serve(settings, pipeline, |_| {}).await?;
    Ok(Outcome::Done)
}

/// Serves `pipeline`; calls `ready` with the address once requests are answered.
pub(super) async fn serve(
    settings: &Settings,
    pipeline: Arc<Pipeline>,
    ready: impl FnOnce(&str),
) -> anyhow::Result<()> {
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new()
        .install_recorder()
        .context("failed to start the metrics")?;
    let listen = &settings.server.listen;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("failed to listen on {listen}"))?;
    let address = format!("http://{}", listener.local_addr()?);

    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    pipeline.begin_telling().await?;
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(Arc::clone(&pipeline).run(settings.server.workers, stop.clone()));
    if settings.retention.days > 0 {
        tasks.spawn(Arc::clone(&pipeline).retain(settings.retention.days, stop.clone()));
    }
    if !settings.server.watch.as_os_str().is_empty() {
        let folder = settings.server.watch.clone();
        anyhow::ensure!(folder.is_dir(), "{} is no folder to watch", folder.display());
        tasks.spawn(pipeline::watch(Arc::clone(&pipeline), folder, stop.clone()));
    }

    let limits = Limits::DEFAULT;
    let door = Arc::new(door(settings, &limits)?);
    let templates = Arc::new(super::paper::templates(&settings.papers.dir)?);
    let app = App { pipeline: Arc::clone(&pipeline), templates, metrics, limits, door };
    note(&format!("listening on {address}"));
    ready(&address);
    let drain = Duration::from_secs(settings.server.drain_seconds);
    crate::http::serve(listener, router(app.clone(), crate::web::pages(&app)), limits, stop, drain).await;
    if tokio::time::timeout(drain, async { while tasks.join_next().await.is_some() {} }).await.is_err() {
        tracing::warn!("stopped with work in progress; it goes on at the next start");
    }
    pipeline.store().close().await;
    Ok(())
}

async fn stop_on_signal(stop: CancellationToken) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            },
            Err(error) => {
                tracing::warn!(%error, "failed to listen for SIGTERM");
                let _ = interrupted.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
    tracing::info!("stopping");
    stop.cancel();
}
