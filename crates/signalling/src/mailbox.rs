//! The queue between a call and one session.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::call::Outgoing;

/// Messages that wait for one session: what a resume replays at most (512 events and a snapshot)
/// and as much again for what happens meanwhile. Events are shared, so a full queue of a slow
/// client costs kilobytes. When it is full the session is closed, and its client resumes.
const CAPACITY: usize = 1_024;

/// One thing for a session.
#[derive(Debug)]
pub enum Delivery {
    /// Tell the client.
    Message(Outgoing),
    /// Close with this WebSocket close code.
    Close(u16),
}

/// The sending end, held by the call.
#[derive(Debug, Clone)]
pub struct Mailbox {
    sender: mpsc::Sender<Delivery>,
    overflow: CancellationToken,
}

/// The receiving end, held by the session.
#[derive(Debug)]
pub struct Deliveries {
    receiver: mpsc::Receiver<Delivery>,
    overflow: CancellationToken,
}

/// Makes both ends.
#[must_use]
pub fn mailbox() -> (Mailbox, Deliveries) {
    let (sender, receiver) = mpsc::channel(CAPACITY);
    let overflow = CancellationToken::new();
    (Mailbox { sender, overflow: overflow.clone() }, Deliveries { receiver, overflow })
}

impl Mailbox {
    /// Puts something in. `false` when it is full: the session is given up.
    #[must_use]
    pub fn put(&self, delivery: Delivery) -> bool {
        match self.sender.try_send(delivery) {
            // A session that has ended says so itself.
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.overflow.cancel();
                false
            }
        }
    }

    /// Whether everything was taken out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sender.capacity() == self.sender.max_capacity()
    }
}

impl Deliveries {
    /// The next thing; `None` when the call has nothing more to say.
    pub async fn next(&mut self) -> Option<Delivery> {
        self.receiver.recv().await
    }

    /// Is cancelled when the session was too slow.
    #[must_use]
    pub fn overflow(&self) -> CancellationToken {
        self.overflow.clone()
    }
}
