//! What the server pays during a stretch of steady load.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::{
    process::{self, CpuTime, MachineTime},
    receiver::{Delays, Receiver},
    server::{Metrics, Server},
};

/// Packets forwarded, once per receiver.
const SENT: &str = "jumpa_media_packets_sent_total";
/// Packets of publishers.
const RECEIVED: &str = "jumpa_media_packets_received_total";

/// How often the server publishes its counters. Both ends of a window wait for it.
const PUBLISHED_EVERY: Duration = Duration::from_secs(1);

/// What was measured.
#[derive(Debug, Clone)]
pub struct Steady {
    /// How long.
    pub elapsed: Duration,
    /// CPU time of the server.
    pub cpu: CpuTime,
    /// Packets that the server forwarded, by its own counter.
    pub packets_sent: f64,
    /// Packets that the server took from publishers.
    pub packets_received: f64,
    /// Packets that came to the receivers.
    pub packets_arrived: u64,
    /// How long packets were under way.
    pub delays: Delays,
    /// Share of the whole machine that was busy, the clients and everything else included.
    pub machine_load: f64,
}

impl Steady {
    /// Measures for a while.
    ///
    /// # Errors
    /// When the server is gone.
    pub async fn measure(
        server: &Server,
        receivers: &[Receiver],
        duration: Duration,
    ) -> anyhow::Result<Self> {
        let before = Reading::take(server).await?;
        receivers.iter().for_each(|receiver| receiver.measure(true));
        sleep(duration.max(PUBLISHED_EVERY * 2)).await;
        receivers.iter().for_each(|receiver| receiver.measure(false));
        let after = Reading::take(server).await?;
        let mut delays = Delays::default();
        for of_one in receivers.iter().map(Receiver::take_delays) {
            delays.sound.extend(of_one.sound);
            delays.pictures.extend(of_one.pictures);
        }
        let (_, machine_load) = process::machine_load(Some(before.machine));
        Ok(Self {
            elapsed: after.at - before.at,
            cpu: after.cpu.since(before.cpu),
            packets_sent: after.metrics.get(SENT) - before.metrics.get(SENT),
            packets_received: after.metrics.get(RECEIVED) - before.metrics.get(RECEIVED),
            packets_arrived: receivers.iter().map(Receiver::packets).sum(),
            delays,
            machine_load,
        })
    }

    /// CPU time of the whole server per forwarded packet, microseconds.
    pub fn microseconds_per_packet(&self) -> f64 {
        self.cpu.whole.as_secs_f64() * 1e6 / self.packets_sent.max(1.0)
    }

    /// CPU time of its media threads per forwarded packet, microseconds.
    pub fn media_microseconds_per_packet(&self) -> f64 {
        self.cpu.media.as_secs_f64() * 1e6 / self.packets_sent.max(1.0)
    }

    /// Forwarded packets per second.
    pub fn packets_per_second(&self) -> f64 {
        self.packets_sent / self.elapsed.as_secs_f64().max(0.001)
    }

    /// Cores that the server used.
    pub fn cores(&self) -> f64 {
        self.cpu.whole.as_secs_f64() / self.elapsed.as_secs_f64().max(0.001)
    }
}

struct Reading {
    at: Instant,
    cpu: CpuTime,
    metrics: Metrics,
    machine: MachineTime,
}

impl Reading {
    /// Reads everything right after the server published its counters, so that counters and CPU
    /// time belong together.
    async fn take(server: &Server) -> anyhow::Result<Self> {
        let stale = server.metrics().await?.get(SENT);
        let give_up_at = Instant::now() + PUBLISHED_EVERY * 2;
        let metrics = loop {
            let metrics = server.metrics().await?;
            if metrics.get(SENT) > stale || Instant::now() >= give_up_at {
                break metrics;
            }
            sleep(PUBLISHED_EVERY / 50).await;
        };
        let (machine, _) = process::machine_load(None);
        Ok(Self { at: Instant::now(), cpu: process::cpu_time(server.pid())?, metrics, machine })
    }
}
