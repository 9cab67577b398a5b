//! The media node as others see it.

use std::{net::IpAddr, thread};

use jumpa_protocol::control::{MediaCommand, MediaEvent};
use jumpa_rtc::{Certificate, PeerConfig};
use mio::{Poll, Waker};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinHandle,
};
use tracing::{info, warn};

use crate::{
    config::{SfuConfig, StartError},
    mailbox::{Inbox, Mailbox},
    router::{Router, RouterParts},
    sockets::{self, WorkerSockets},
    stats::{self, SfuStats},
    worker::{WAKE, Worker, WorkerParts},
};

/// Commands that wait for the router, which does nothing that takes long. When it is full,
/// signalling waits.
const COMMAND_CAPACITY: usize = 1_024;

/// Reports that wait for signalling. When it is full, workers keep theirs back.
const EVENT_CAPACITY: usize = 4_096;

/// A running media node. Dropping it stops it without waiting; [`Self::shutdown`] waits.
#[derive(Debug)]
pub struct Sfu {
    commands: mpsc::Sender<MediaCommand>,
    is_stopping: watch::Sender<bool>,
    mailboxes: Vec<Mailbox>,
    router: Option<JoinHandle<()>>,
    threads: Vec<thread::JoinHandle<()>>,
    media_ports: Vec<u16>,
    media_ips: Vec<IpAddr>,
}

impl Sfu {
    /// Starts the media threads and the router. Reports come by the receiver, which must be read.
    ///
    /// # Errors
    /// [`StartError`]: above all a taken port. Nothing runs then.
    pub fn start(config: SfuConfig) -> Result<(Self, mpsc::Receiver<MediaEvent>), StartError> {
        let runtime = Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        if !config.udp && !config.tcp {
            return Err(StartError::NoTransport);
        }
        stats::describe();
        let cores = core_affinity::get_core_ids().unwrap_or_default();
        let workers = if config.workers == 0 { cores.len().max(1) } else { config.workers };
        let sockets = bind_all(&config, workers)?;
        let certificate = Certificate::generate().map_err(StartError::Certificate)?;

        let (events, event_receiver) = mpsc::channel(EVENT_CAPACITY);
        let (notice_sender, notices) = mpsc::unbounded_channel();
        let (commands, command_receiver) = mpsc::channel(COMMAND_CAPACITY);
        let (is_stopping, stop_receiver) = watch::channel(false);
        let mut sfu = Self {
            commands,
            is_stopping,
            mailboxes: Vec::new(),
            router: None,
            threads: Vec::new(),
            media_ports: sockets.iter().map(|sockets| sockets.port).collect(),
            media_ips: told_addresses(&sockets),
        };
        for (index, sockets) in sockets.into_iter().enumerate() {
            let peer = PeerConfig {
                certificate: certificate.clone(),
                candidates: sockets.candidates.clone(),
                initial_estimate_bps: Some(config.initial_estimate_bps),
            };
            let (poll, inbox) = sfu.add_mailbox()?;
            let (events, notices) = (events.clone(), notice_sender.clone());
            let parts = WorkerParts { index, poll, sockets, inbox, events, notices, peer };
            let core = cores.get(index % cores.len().max(1)).filter(|_| config.pins_threads);
            sfu.threads.push(spawn(parts, core.copied())?);
        }
        let parts = RouterParts {
            commands: command_receiver,
            events,
            mailboxes: sfu.mailboxes.clone(),
            notices,
            notice_sender,
            is_stopping: stop_receiver,
        };
        sfu.router = Some(runtime.spawn(Router::new(parts).run()));
        info!(workers, "media runs on ports {:?}", sfu.media_ports);
        Ok((sfu, event_receiver))
    }

    fn add_mailbox(&mut self) -> Result<(Poll, Inbox), StartError> {
        let poll = Poll::new().map_err(StartError::Thread)?;
        let waker = Waker::new(poll.registry(), WAKE).map_err(StartError::Thread)?;
        let (mailbox, inbox) = Mailbox::new(waker);
        self.mailboxes.push(mailbox);
        Ok((poll, inbox))
    }

    /// Where orders go. Every command with a `request_id` is answered once.
    #[must_use]
    pub fn commands(&self) -> mpsc::Sender<MediaCommand> {
        self.commands.clone()
    }

    /// The ports of the workers, UDP and TCP alike.
    #[must_use]
    pub fn media_ports(&self) -> &[u16] {
        &self.media_ports
    }

    /// The addresses that clients are told.
    #[must_use]
    pub fn media_ips(&self) -> &[IpAddr] {
        &self.media_ips
    }

    /// Whether every media thread runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.threads.iter().all(|thread| !thread.is_finished())
    }

    /// Figures of all workers, at most a second old.
    #[must_use]
    pub fn stats(&self) -> SfuStats {
        stats::sum(self.mailboxes.iter().map(Mailbox::board))
    }

    /// Says goodbye to every client, answers what waits with `server_closing` and joins the
    /// threads. Takes a second at most.
    pub async fn shutdown(mut self) {
        self.stop();
        if let Some(router) = self.router.take()
            && let Err(error) = router.await
        {
            warn!(%error, "the router of media commands did not end well");
        }
        let threads = std::mem::take(&mut self.threads);
        let joined = tokio::task::spawn_blocking(move || {
            threads.into_iter().all(|thread| thread.join().is_ok())
        });
        if !matches!(joined.await, Ok(true)) {
            warn!("a media thread did not end well");
        }
    }

    fn stop(&self) {
        self.is_stopping.send_replace(true);
        for mailbox in &self.mailboxes {
            mailbox.stop();
        }
    }
}

impl Drop for Sfu {
    fn drop(&mut self) {
        self.stop();
    }
}

fn bind_all(config: &SfuConfig, workers: usize) -> Result<Vec<WorkerSockets>, StartError> {
    let addresses = sockets::local_addresses(config)?;
    (0..workers).map(|worker| WorkerSockets::bind(config, &addresses, worker, workers)).collect()
}

fn told_addresses(sockets: &[WorkerSockets]) -> Vec<IpAddr> {
    let candidates = sockets.iter().flat_map(|sockets| &sockets.candidates);
    let mut ips: Vec<IpAddr> = candidates.map(|candidate| candidate.address.ip()).collect();
    ips.sort_unstable();
    ips.dedup();
    ips
}

fn spawn(
    parts: WorkerParts,
    core: Option<core_affinity::CoreId>,
) -> Result<thread::JoinHandle<()>, StartError> {
    let index = parts.index;
    let worker = Worker::new(parts).map_err(StartError::Thread)?;
    let run = move || {
        if let Some(core) = core
            && !core_affinity::set_for_current(core)
        {
            warn!(worker = index, "media thread {index} could not be kept on one core");
        }
        worker.run();
    };
    thread::Builder::new().name(format!("media-{index}")).spawn(run).map_err(StartError::Thread)
}
