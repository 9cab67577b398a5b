//! Orders to a worker, from async tasks to a thread that waits in a poll.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use jumpa_protocol::{CallId, ParticipantId, SourceKind, control::Subscription, signal::SlotView};
use jumpa_rtc::Offer;
use mio::Waker;
use tokio::sync::mpsc;

use crate::stats::WorkerBoard;

/// Orders that wait for a worker. A worker that is this far behind is overloaded or stuck: joins
/// and negotiations are then refused, everything else waits.
const CAPACITY: usize = 1_024;

/// What a worker is told. Offers are parsed already.
#[derive(Debug)]
pub enum Order {
    /// Make a peer connection.
    Join(Box<JoinOrder>),
    /// Apply a further offer.
    Negotiate {
        /// Of the command.
        request_id: u64,
        /// The call.
        call_id: CallId,
        /// Who.
        participant_id: ParticipantId,
        /// The parsed session description.
        offer: Box<Offer>,
    },
    /// What a participant wants to see.
    View {
        /// The call.
        call_id: CallId,
        /// Who.
        participant_id: ParticipantId,
        /// Wanted pictures.
        slots: Vec<SlotView>,
    },
    /// Forward a source or not.
    SetSourceOpen {
        /// The call.
        call_id: CallId,
        /// Whose.
        participant_id: ParticipantId,
        /// Which.
        source: SourceKind,
        /// Whether it is forwarded.
        is_open: bool,
    },
    /// Close a peer connection.
    Leave {
        /// The call.
        call_id: CallId,
        /// Who.
        participant_id: ParticipantId,
    },
    /// Close every peer connection of a call.
    End {
        /// The call.
        call_id: CallId,
    },
}

/// A participant that comes to a worker.
#[derive(Debug)]
pub struct JoinOrder {
    /// Of the command.
    pub request_id: u64,
    /// The call.
    pub call_id: CallId,
    /// Which stay of the call on this worker; notices name it.
    pub stay: StayId,
    /// Who.
    pub participant_id: ParticipantId,
    /// The per-call number.
    pub number: u32,
    /// The parsed session description.
    pub offer: Offer,
    /// How slots get their sources.
    pub subscription: Subscription,
}

/// One time that a call lives on a worker. A call that empties and fills again may live elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayId(pub u64);

/// What workers and call queues tell the router, so that it forgets calls that are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The worker answered a join, well or not.
    JoinSettled {
        /// The call.
        call_id: CallId,
        /// Of the join.
        stay: StayId,
        /// Whether the call lives on the worker.
        has_room: bool,
    },
    /// A join never reached the worker.
    JoinRefused {
        /// The call.
        call_id: CallId,
        /// Of the join.
        stay: StayId,
    },
    /// The last participant of a call is gone.
    RoomClosed {
        /// The call.
        call_id: CallId,
        /// Of its room.
        stay: StayId,
    },
}

/// Why an order was not taken.
#[derive(Debug)]
pub enum PostError {
    /// Too many orders wait.
    Full,
    /// The worker has stopped.
    Stopped,
}

/// The sending end of a worker's mailbox, with what others may see of the worker.
#[derive(Debug, Clone)]
pub struct Mailbox {
    orders: mpsc::Sender<Order>,
    waker: Arc<Waker>,
    is_stopping: Arc<AtomicBool>,
    board: Arc<WorkerBoard>,
}

/// The worker's end of its mailbox.
#[derive(Debug)]
pub struct Inbox {
    /// Orders in the order they were given.
    pub orders: mpsc::Receiver<Order>,
    /// Set once the worker is to end.
    pub is_stopping: Arc<AtomicBool>,
    /// Where the worker publishes what others see.
    pub board: Arc<WorkerBoard>,
}

impl Mailbox {
    /// Both ends of a mailbox; `waker` wakes the worker's poll.
    pub fn new(waker: Waker) -> (Self, Inbox) {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        let mailbox = Self {
            orders: sender,
            waker: Arc::new(waker),
            is_stopping: Arc::default(),
            board: Arc::default(),
        };
        let inbox = Inbox {
            orders: receiver,
            is_stopping: Arc::clone(&mailbox.is_stopping),
            board: Arc::clone(&mailbox.board),
        };
        (mailbox, inbox)
    }

    /// Gives an order if there is room for it.
    ///
    /// # Errors
    /// [`PostError`]; the order is gone.
    pub fn try_post(&self, order: Order) -> Result<(), PostError> {
        self.orders.try_send(order).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => PostError::Full,
            mpsc::error::TrySendError::Closed(_) => PostError::Stopped,
        })?;
        self.wake();
        Ok(())
    }

    /// Gives an order and waits for room. An order for a worker that stopped is gone, with
    /// everything that it could have been about.
    pub async fn post(&self, order: Order) {
        if self.orders.send(order).await.is_ok() {
            self.wake();
        }
    }

    /// Tells the worker to say goodbye to everybody and to end.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
        self.wake();
    }

    /// What the worker publishes.
    #[must_use]
    pub fn board(&self) -> &WorkerBoard {
        &self.board
    }

    fn wake(&self) {
        // Fails only when the counter behind it is full, and then the worker is awake already.
        let _ = self.waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use mio::{Poll, Token};

    use super::*;

    fn mailbox() -> (Poll, Mailbox, Inbox) {
        let poll = Poll::new().expect("a poll");
        let waker = Waker::new(poll.registry(), Token(0)).expect("a waker");
        let (mailbox, inbox) = Mailbox::new(waker);
        (poll, mailbox, inbox)
    }

    fn end() -> Order {
        Order::End { call_id: CallId::generate() }
    }

    #[test]
    fn a_full_mailbox_refuses_at_once_and_a_stopped_worker_too() {
        let (_poll, mailbox, mut inbox) = mailbox();
        for _ in 0..CAPACITY {
            mailbox.try_post(end()).expect("there is room");
        }
        assert!(matches!(mailbox.try_post(end()), Err(PostError::Full)));
        assert!(inbox.orders.try_recv().is_ok());
        mailbox.try_post(end()).expect("there is room again");
        drop(inbox);
        assert!(matches!(mailbox.try_post(end()), Err(PostError::Stopped)));
    }
}
