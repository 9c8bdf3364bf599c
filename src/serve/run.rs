//! The server on a socket: connections, signals, the end.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

use super::app::{App, blocking};
use super::follow::{Follower, follow};
use super::priority::patiently;
use super::router;
use super::watch::watch;

/// How much longer than a query may take the answers under way have once the server is told to end.
const DRAIN: Duration = Duration::from_secs(5);

/// Why the server could not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The address is not to be had.
    #[error("{address}: {source}: choose another address with --bind")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system refuses threads or signals.
    #[error("the server cannot run: {0}")]
    Io(#[from] io::Error),
}

/// Serves until SIGINT or SIGTERM; answers under way are finished first. `ready` is called with the
/// address once connections are taken.
///
/// # Errors
/// When the address cannot be bound.
pub fn run(
    app: App,
    address: SocketAddr,
    follower: Option<Follower>,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), RunError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime
        .block_on(async {
            let listener = TcpListener::bind(address).await.map_err(|source| RunError::Bind { address, source })?;
            ready(listener.local_addr()?);
            let folders: Vec<PathBuf> = app.options().watch.clone();
            if !folders.is_empty() {
                let app = app.clone();
                tokio::spawn(async move {
                    if let Err(error) = watch(app, folders).await {
                        tracing::error!(%error, "watching has ended");
                    }
                });
            }
            tokio::spawn(guard_memory(app.clone()));
            tokio::spawn(keep_index(app.clone(), follower));
            // Longer than any query, so that only silent connections are closed.
            let idle = app.options().timeout * 2 + Duration::from_secs(60);
            let (end, ended) = tokio::sync::oneshot::channel::<()>();
            let told = async move {
                terminated().await;
                tracing::info!("ending: answers under way are finished");
                let _ = end.send(());
            };
            let drain = app.options().timeout + DRAIN;
            let server = axum::serve(Patient { listener, idle }, router(app)).with_graceful_shutdown(told);
            let server = tokio::spawn(server.into_future());
            let late = async move {
                let _ = ended.await;
                sleep(drain).await;
            };
            tokio::select! {
                result = server => result.map_err(io::Error::other)??,
                () = late => tracing::warn!("ended with answers under way"),
            }
            Ok(())
        })
        .inspect(|()| runtime.shutdown_timeout(Duration::from_secs(5)))
}

/// Brings the index in step with the store while the server serves, and lets a reader follow other processes.
async fn keep_index(app: App, follower: Option<Follower>) {
    let (worker, clock) = (app.clone(), Instant::now());
    match blocking(move || patiently(|| worker.repair_index())).await {
        Ok(()) => tracing::info!(seconds = clock.elapsed().as_secs_f64(), "the search index is in step with the store"),
        Err(error) => tracing::error!(%error, "the search index is incomplete"),
    }
    if let Some(follower) = follower {
        follow(app, follower).await;
    }
}

/// Stops the running queries whenever the process takes more memory than it may.
async fn guard_memory(app: App) {
    let limit = app.options().max_memory;
    loop {
        sleep(Duration::from_millis(100)).await;
        match resident() {
            Some(bytes) if bytes > limit => {
                tracing::warn!(bytes, limit, "out of memory: the running queries are stopped");
                app.stop_for_memory();
                // Time to give the memory back.
                sleep(Duration::from_secs(1)).await;
            }
            Some(_) => {}
            None => return,
        }
    }
}

/// The memory that the process holds; only Linux tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    // Pages of files that the system can drop at will, such as those of the index, do not count.
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

/// Waits for SIGINT or SIGTERM.
async fn terminated() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// Takes connections that end after a time of silence: half-open ones go.
struct Patient {
    listener: TcpListener,
    idle: Duration,
}

impl Listener for Patient {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Small answers go at once.
        let _ = stream.set_nodelay(true);
        (Connection { stream, idle: self.idle, silence: Box::pin(sleep(self.idle)) }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection with the time of its silence.
struct Connection {
    stream: TcpStream,
    idle: Duration,
    silence: Pin<Box<Sleep>>,
}

impl Connection {
    /// Passes on what the stream says; an error when it has been silent for too long.
    fn heard<T>(&mut self, context: &mut Context<'_>, said: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if said.is_ready() {
            let until = Instant::now() + self.idle;
            self.silence.as_mut().reset(until);
            return said;
        }
        self.silence.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let said = Pin::new(&mut this.stream).poll_read(context, buffer);
        this.heard(context, said)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let said = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.heard(context, said)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let said = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.heard(context, said)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
