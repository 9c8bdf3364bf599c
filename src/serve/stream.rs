//! An answer written by a thread of its own while the client reads it: small answers whole, with
//! their errors as statuses; large ones in pieces, with bounded memory.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use http_body::Frame;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::ServeError;
use crate::store::CancellationToken;

/// Answers up to this size are sent whole.
const WHOLE: usize = 1 << 20;
/// Size of the pieces of larger ones.
const PIECE: usize = 64 << 10;
/// Pieces that may wait for the client: 8 MiB.
const WAITING: usize = 128;
/// How long after its time limit a query may take to say so itself.
const GRACE: Duration = Duration::from_secs(2);
/// A client that reads nothing for so long is given up.
const STALL: Duration = Duration::from_secs(10);

/// The head of an answer: all of it, or only its type and the pieces to come.
enum Head {
    Whole(&'static str, Vec<u8>),
    Pieces(&'static str),
}

/// Where the thread writes.
pub struct Sink {
    media_type: &'static str,
    head: Option<oneshot::Sender<Result<Head, ServeError>>>,
    pieces: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
    runtime: Handle,
}

impl Sink {
    /// Sets the media type; before anything is written.
    pub fn set_type(&mut self, media_type: &'static str) {
        self.media_type = media_type;
    }

    fn send(&mut self, piece: io::Result<Bytes>) -> io::Result<()> {
        let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "the client has gone");
        if let Some(head) = self.head.take() {
            head.send(Ok(Head::Pieces(self.media_type))).map_err(|_| gone())?;
        }
        let sent = self.runtime.block_on(tokio::time::timeout(STALL, self.pieces.send(piece)));
        match sent {
            Ok(Ok(())) => Ok(()),
            _ => Err(gone()),
        }
    }

    /// The end of the answer.
    fn finish(mut self, result: Result<(), ServeError>) {
        let last = std::mem::take(&mut self.buffer);
        match (self.head.take(), result) {
            // A receiver that has gone needs no answer.
            (Some(head), Ok(())) => _ = head.send(Ok(Head::Whole(self.media_type, last))),
            (Some(head), Err(error)) => _ = head.send(Err(error)),
            (None, Ok(())) => _ = self.send(Ok(last.into())),
            // The status has been sent: breaking the connection tells the client that something is missing.
            (None, Err(error)) => {
                tracing::warn!(%error, "answer broken off");
                _ = self.send(Err(io::Error::other(error.to_string())));
            }
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        let limit = if self.head.is_some() { WHOLE } else { PIECE };
        if self.buffer.len() >= limit {
            let piece = std::mem::take(&mut self.buffer);
            self.send(Ok(piece.into()))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Stops the evaluation when the answer is dropped: the client has gone, or all is sent.
struct Guard {
    token: CancellationToken,
    done: Arc<AtomicBool>,
    on_cancel: Box<dyn Fn() + Send + Sync>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.done.load(Ordering::Acquire) {
            (self.on_cancel)();
        }
        self.token.cancel();
    }
}

/// The pieces as a body.
struct Pieces {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    _guard: Guard,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = self.get_mut().pieces.poll_recv(context);
        piece.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// Runs `write` on a thread of its own and answers with what it writes. The answer's end, whatever
/// it is, cancels `token`; `on_cancel` is called when that happens before the thread has ended. The
/// beginning must come within `limit`.
///
/// # Errors
/// What `write` returns, as long as nothing has been sent.
pub async fn answer(
    token: CancellationToken,
    on_cancel: impl Fn() + Send + Sync + 'static,
    limit: Duration,
    write: impl FnOnce(&mut Sink) -> Result<(), ServeError> + Send + 'static,
) -> Result<Response, ServeError> {
    let (head, head_receiver) = oneshot::channel();
    let (pieces, pieces_receiver) = mpsc::channel(WAITING);
    let done = Arc::new(AtomicBool::new(false));
    let guard = Guard { token, done: Arc::clone(&done), on_cancel: Box::new(on_cancel) };
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut sink = Sink { media_type: "text/plain", head: Some(head), pieces, buffer: Vec::new(), runtime };
        let result = write(&mut sink);
        done.store(true, Ordering::Release);
        sink.finish(result);
    });
    // An evaluation notices that it is cancelled when it next reads from the store. The client hears of it at
    // the time limit even if that takes longer.
    let head = tokio::time::timeout(limit + GRACE, head_receiver).await;
    let head = head.map_err(|_| ServeError::Timeout(limit.as_secs()))?;
    let head = head.map_err(|_| ServeError::Internal("the thread of the query ended early".into()))??;
    let (media_type, body) = match head {
        Head::Whole(media_type, bytes) => (media_type, Body::from(bytes)),
        Head::Pieces(media_type) => (media_type, Body::new(Pieces { pieces: pieces_receiver, _guard: guard })),
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    Ok(response)
}
