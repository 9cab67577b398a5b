//! Ports: free, or held by our own server.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    time::Duration,
};

use jumpa_api::HealthCode as Code;

use super::finding::Finding;
use crate::config::{AdminListen, Config};

/// How long our own server may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) fn look(config: &Config, is_running: bool) -> Vec<Finding> {
    let mut findings = vec![http(config.http.listen)];
    if let AdminListen::On(address) = config.admin.listen {
        findings.push(admin(address));
    }
    findings.extend(media(config, is_running));
    findings
}

fn http(address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::good(Code::HttpPortFree, "http port", format!("{address} is free")),
        Err(_) if is_jumpa(address) => {
            let facts = format!("{address} is held by a running jumpa");
            Finding::good(Code::HttpPortHeld, "http port", facts)
        }
        Err(error) => {
            let problem = describe(address, "TCP", &error);
            Finding::bad(
                Code::HttpPortTaken,
                "http port",
                problem.clone(),
                "stop the other program, or choose another address with --listen",
            )
            .with("problem", problem)
        }
    }
    .with("address", address)
}

fn admin(address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::good(Code::MetricsPortFree, "metrics port", format!("{address} is free")),
        Err(_) if is_jumpa(address) => {
            let facts = format!("{address} is held by a running jumpa");
            Finding::good(Code::MetricsPortHeld, "metrics port", facts)
        }
        Err(error) => {
            let problem = describe(address, "TCP", &error);
            Finding::doubtful(
                Code::MetricsPortTaken,
                "metrics port",
                format!("{problem}; calls work without metrics"),
                "choose another address with --admin-listen, or `off`",
            )
            .with("problem", problem)
        }
    }
    .with("address", address)
}

fn media(config: &Config, is_running: bool) -> Vec<Finding> {
    let media = &config.media;
    if media.port == 0 {
        let facts = "any free ones are taken";
        return vec![Finding::good(Code::MediaPortsAny, "media ports", facts)];
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = if media.workers == 0 { cores } else { media.workers };
    let any = [IpAddr::V4(Ipv4Addr::UNSPECIFIED)];
    let ips: &[IpAddr] = if media.bind.is_empty() { &any } else { &media.bind };
    let last = usize::from(media.port) + workers - 1;
    let Ok(last) = u16::try_from(last) else {
        let facts = format!("{} to {last} do not exist", media.port);
        let remedy = "choose a lower media.port or fewer media.workers";
        let finding = Finding::bad(Code::MediaPortsImpossible, "media ports", facts, remedy);
        return vec![finding.with("first", media.port).with("last", last)];
    };
    let taken: Vec<String> = (media.port..=last)
        .flat_map(|port| ips.iter().map(move |ip| SocketAddr::new(*ip, port)))
        .flat_map(|address| {
            let udp = UdpSocket::bind(address).err().map(|error| describe(address, "UDP", &error));
            let tcp = TcpListener::bind(address).err().map(|e| describe(address, "TCP", &e));
            udp.into_iter().chain(tcp)
        })
        .collect();
    let range = format!("{} to {last}, UDP and TCP", media.port);
    let finding = if taken.is_empty() {
        let facts = format!("{range}, are free");
        Finding::good(Code::MediaPortsFree, "media ports", facts)
    } else if is_running {
        let facts = format!("{range}, are held by the server that runs on the data folder");
        Finding::good(Code::MediaPortsHeld, "media ports", facts)
    } else {
        let problem = taken.join("; ");
        let remedy = "stop the other program, or choose another port with --media-port";
        Finding::bad(Code::MediaPortsTaken, "media ports", problem.clone(), remedy)
            .with("problem", problem)
    };
    vec![finding.with("first", media.port).with("last", last)]
}

fn describe(address: SocketAddr, transport: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} ({transport}) is held by another program"),
        io::ErrorKind::AddrNotAvailable => format!("{address} is no address of this machine"),
        io::ErrorKind::PermissionDenied => {
            format!("{address} ({transport}) may not be used by this user")
        }
        _ => format!("{address} ({transport}) cannot be used: {error}"),
    }
}

/// Asks whoever listens there for its version.
fn is_jumpa(address: SocketAddr) -> bool {
    ask_version(address).is_ok_and(|answer| answer.contains("\"name\":\"jumpa\""))
}

fn ask_version(mut address: SocketAddr) -> io::Result<String> {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_TIMEOUT)?;
    stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
    write!(stream, "GET /version HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(4_096).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Verdict, *};

    #[test]
    fn a_port_of_another_program_is_bad() {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = other.local_addr().unwrap();
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = other.accept() {
                let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n");
            }
        });
        assert_eq!(http(address).verdict, Verdict::Bad);
        assert_eq!(admin(address).verdict, Verdict::Doubtful);
    }

    #[test]
    fn a_free_port_is_good() {
        assert_eq!(http("127.0.0.1:0".parse().unwrap()).verdict, Verdict::Good);
    }

    #[test]
    fn media_ports_above_the_last_one_are_bad() {
        let mut config = Config::default();
        config.media.port = 65_535;
        config.media.workers = 2;
        assert_eq!(media(&config, false)[0].verdict, Verdict::Bad);
    }

    #[test]
    fn a_media_port_of_another_program_is_bad() {
        let other = UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut config = Config::default();
        config.media.port = other.local_addr().unwrap().port();
        config.media.bind = vec![Ipv4Addr::LOCALHOST.into()];
        config.media.workers = 1;
        assert_eq!(media(&config, false)[0].verdict, Verdict::Bad);
        assert_eq!(media(&config, true)[0].verdict, Verdict::Good);
    }
}
