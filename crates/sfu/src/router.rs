//! Commands of signalling on their way to the workers: parses offers away from the media threads,
//! chooses the worker of a call, and sees to it that every request is answered once.

use std::{collections::HashMap, sync::Arc};

use jumpa_protocol::{
    CallId, ErrorCode, ParticipantId,
    control::{MediaCommand, MediaEvent, MediaJoin},
    limits,
};
use jumpa_rtc::Offer;
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::{JoinHandle, JoinSet},
};

use crate::{
    mailbox::{JoinOrder, Mailbox, Notice, Order, PostError, StayId},
    stats::WorkerBoard,
};

/// Commands of one call that wait for a parsed offer in front of them. When it is full, requests
/// are refused and other commands wait.
const CALL_QUEUE: usize = 256;

type Parsing = JoinHandle<Result<Offer, ErrorCode>>;

/// What the router needs.
#[derive(Debug)]
pub struct RouterParts {
    /// From signalling.
    pub commands: mpsc::Receiver<MediaCommand>,
    /// To signalling.
    pub events: mpsc::Sender<MediaEvent>,
    /// To the workers; at least one.
    pub mailboxes: Vec<Mailbox>,
    /// From the workers.
    pub notices: mpsc::UnboundedReceiver<Notice>,
    /// The other end of `notices`, for the call queues.
    pub notice_sender: mpsc::UnboundedSender<Notice>,
    /// Becomes `true` when the node stops.
    pub is_stopping: watch::Receiver<bool>,
}

/// Routes commands until the node stops.
#[derive(Debug)]
pub struct Router {
    parts: RouterParts,
    lanes: Vec<Lane>,
    calls: HashMap<CallId, Route>,
    next_stay: u64,
    queues: JoinSet<()>,
    parsers: Arc<Semaphore>,
}

/// Where a call lives.
#[derive(Debug)]
struct Route {
    stay: StayId,
    /// Index of the worker.
    lane: usize,
    queue: mpsc::Sender<Queued>,
    /// Joins on their way to the worker.
    joins_pending: usize,
    has_room: bool,
}

/// The way to one worker.
#[derive(Debug)]
struct Lane {
    mailbox: Mailbox,
    /// Calls routed to it, counted before the worker itself sees them.
    calls: u64,
}

impl Lane {
    fn load(&self) -> u64 {
        self.mailbox.board().load() + self.calls * WorkerBoard::PARTICIPANT_WEIGHT
    }
}

/// A command in the order of its call.
#[derive(Debug)]
enum Queued {
    Join { parsing: Parsing, join: MediaJoin },
    Negotiate { parsing: Parsing, request_id: u64, participant_id: ParticipantId },
    Other(Order),
}

impl Router {
    /// Nothing routed yet.
    pub fn new(parts: RouterParts) -> Self {
        let lane = |mailbox: &Mailbox| Lane { mailbox: mailbox.clone(), calls: 0 };
        let lanes = parts.mailboxes.iter().map(lane).collect();
        // Parsing is work without waiting; more at once than half of the cores would only take
        // time from media.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            parts,
            lanes,
            calls: HashMap::new(),
            next_stay: 0,
            queues: JoinSet::new(),
            parsers: Arc::new(Semaphore::new(cores.div_ceil(2))),
        }
    }

    /// Routes until the node stops, then refuses what is left.
    pub async fn run(mut self) {
        let mut is_stopping = self.parts.is_stopping.clone();
        loop {
            tokio::select! {
                _ = is_stopping.changed() => break,
                Some(notice) = self.parts.notices.recv() => self.heed(notice),
                command = self.parts.commands.recv() => match command {
                    Some(command) => self.route(command).await,
                    None => break,
                },
                Some(_) = self.queues.join_next() => {}
            }
        }
        self.parts.commands.close();
        while let Some(command) = self.parts.commands.recv().await {
            if let Some(request_id) = request_id(&command) {
                answer(&self.parts.events, request_id, Err(ErrorCode::ServerClosing));
            }
        }
        self.calls.clear();
        while self.queues.join_next().await.is_some() {}
    }

    async fn route(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Join(join) => self.join(join),
            MediaCommand::Negotiate { request_id, call_id, participant_id, offer } => {
                let parsing = self.parse(offer);
                let queued = Queued::Negotiate { parsing, request_id, participant_id };
                self.request(call_id, request_id, queued);
            }
            MediaCommand::View { call_id, participant_id, slots } => {
                self.queue(call_id, Order::View { call_id, participant_id, slots }).await;
            }
            MediaCommand::SetSourceOpen { call_id, participant_id, source, is_open } => {
                let order = Order::SetSourceOpen { call_id, participant_id, source, is_open };
                self.queue(call_id, order).await;
            }
            MediaCommand::Leave { call_id, participant_id } => {
                self.queue(call_id, Order::Leave { call_id, participant_id }).await;
            }
            MediaCommand::End { call_id } => {
                self.queue(call_id, Order::End { call_id }).await;
                self.forget(call_id);
            }
        }
    }

    fn join(&mut self, mut join: MediaJoin) {
        let (call_id, request_id) = (join.call_id, join.request_id);
        let parsing = self.parse(std::mem::take(&mut join.offer));
        if !self.calls.contains_key(&call_id) {
            self.open(call_id);
        }
        if self.request(call_id, request_id, Queued::Join { parsing, join })
            && let Some(route) = self.calls.get_mut(&call_id)
        {
            route.joins_pending += 1;
        }
    }

    /// Gives a call a queue to the least loaded worker.
    fn open(&mut self, call_id: CallId) {
        let least_loaded = self.lanes.iter_mut().enumerate().min_by_key(|(_, lane)| lane.load());
        let Some((index, lane)) = least_loaded else { return };
        lane.calls += 1;
        let stay = StayId(self.next_stay);
        self.next_stay += 1;
        let (sender, receiver) = mpsc::channel(CALL_QUEUE);
        let queue = CallQueue {
            call_id,
            stay,
            mailbox: lane.mailbox.clone(),
            events: self.parts.events.clone(),
            notices: self.parts.notice_sender.clone(),
        };
        self.queues.spawn(queue.run(receiver));
        let route = Route { stay, lane: index, queue: sender, joins_pending: 0, has_room: false };
        self.calls.insert(call_id, route);
    }

    /// Queues a request, or answers it at once. Whether it was queued.
    fn request(&mut self, call_id: CallId, request_id: u64, queued: Queued) -> bool {
        let refused = match self.calls.get(&call_id) {
            None => ErrorCode::CallEnded,
            Some(route) => match route.queue.try_send(queued) {
                Ok(()) => return true,
                Err(_) => ErrorCode::MediaUnavailable,
            },
        };
        answer(&self.parts.events, request_id, Err(refused));
        false
    }

    /// Queues an order that nobody waits for. It is never lost while its call is there: a source
    /// that is to be closed must close.
    async fn queue(&mut self, call_id: CallId, order: Order) {
        if let Some(route) = self.calls.get(&call_id) {
            // Fails only when the queue's task is gone, and with it the call.
            let _ = route.queue.send(Queued::Other(order)).await;
        }
    }

    /// Starts parsing at once, whatever stands in the queue before it.
    fn parse(&self, offer: String) -> Parsing {
        let parsers = Arc::clone(&self.parsers);
        tokio::spawn(async move {
            if offer.len() > limits::MAX_OFFER_MESSAGE_BYTES {
                return Err(ErrorCode::OfferInvalid);
            }
            let _permit = parsers.acquire_owned().await.map_err(|_| ErrorCode::Internal)?;
            tokio::task::spawn_blocking(move || Offer::parse(&offer))
                .await
                .map_err(|_| ErrorCode::Internal)?
                .map_err(|_| ErrorCode::OfferInvalid)
        })
    }

    fn heed(&mut self, notice: Notice) {
        let (Notice::JoinSettled { call_id, stay, .. }
        | Notice::JoinRefused { call_id, stay }
        | Notice::RoomClosed { call_id, stay }) = notice;
        let Some(route) = self.calls.get_mut(&call_id).filter(|route| route.stay == stay) else {
            return;
        };
        match notice {
            Notice::JoinSettled { has_room, .. } => {
                route.joins_pending = route.joins_pending.saturating_sub(1);
                route.has_room = has_room;
            }
            Notice::JoinRefused { .. } => {
                route.joins_pending = route.joins_pending.saturating_sub(1);
            }
            Notice::RoomClosed { .. } => route.has_room = false,
        }
        if !route.has_room && route.joins_pending == 0 {
            self.forget(call_id);
        }
    }

    /// Forgets a call; what is queued for it is still done.
    fn forget(&mut self, call_id: CallId) {
        if let Some(route) = self.calls.remove(&call_id)
            && let Some(lane) = self.lanes.get_mut(route.lane)
        {
            lane.calls -= 1;
        }
    }
}

/// The commands of one call, in order, at the pace of its parsed offers.
#[derive(Debug)]
struct CallQueue {
    call_id: CallId,
    stay: StayId,
    mailbox: Mailbox,
    events: mpsc::Sender<MediaEvent>,
    notices: mpsc::UnboundedSender<Notice>,
}

impl CallQueue {
    async fn run(self, mut queued: mpsc::Receiver<Queued>) {
        while let Some(next) = queued.recv().await {
            match next {
                Queued::Join { parsing, join } => {
                    let request_id = join.request_id;
                    let posted = parsed(parsing).await.and_then(|offer| {
                        self.post(Order::Join(Box::new(self.join_order(join, offer))))
                    });
                    if let Err(code) = posted {
                        answer(&self.events, request_id, Err(code));
                        self.join_refused();
                    }
                }
                Queued::Negotiate { parsing, request_id, participant_id } => {
                    let call_id = self.call_id;
                    let posted = parsed(parsing).await.and_then(|offer| {
                        let offer = Box::new(offer);
                        self.post(Order::Negotiate { request_id, call_id, participant_id, offer })
                    });
                    if let Err(code) = posted {
                        answer(&self.events, request_id, Err(code));
                    }
                }
                Queued::Other(order) => self.mailbox.post(order).await,
            }
        }
    }

    fn join_order(&self, join: MediaJoin, offer: Offer) -> JoinOrder {
        JoinOrder {
            request_id: join.request_id,
            call_id: self.call_id,
            stay: self.stay,
            participant_id: join.participant_id,
            number: join.number,
            offer,
            subscription: join.subscription,
        }
    }

    fn post(&self, order: Order) -> Result<(), ErrorCode> {
        self.mailbox.try_post(order).map_err(|error| match error {
            PostError::Full => ErrorCode::MediaUnavailable,
            PostError::Stopped => ErrorCode::ServerClosing,
        })
    }

    /// Tells the router that a join never reached the worker.
    fn join_refused(&self) {
        let (call_id, stay) = (self.call_id, self.stay);
        // The router is gone only when the node stops.
        let _ = self.notices.send(Notice::JoinRefused { call_id, stay });
    }
}

async fn parsed(parsing: Parsing) -> Result<Offer, ErrorCode> {
    parsing.await.unwrap_or(Err(ErrorCode::Internal))
}

fn request_id(command: &MediaCommand) -> Option<u64> {
    match command {
        MediaCommand::Join(join) => Some(join.request_id),
        MediaCommand::Negotiate { request_id, .. } => Some(*request_id),
        _ => None,
    }
}

/// Answers a request without waiting here: signalling may itself be waiting for room to send.
fn answer(events: &mpsc::Sender<MediaEvent>, request_id: u64, result: Result<String, ErrorCode>) {
    let event = MediaEvent::Answered { request_id, result };
    if let Err(mpsc::error::TrySendError::Full(event)) = events.try_send(event) {
        let events = events.clone();
        // Ends when signalling reads on or goes away; there is one per open request.
        tokio::spawn(async move { events.send(event).await });
    }
}

#[cfg(test)]
mod tests;
