//! Addresses: can the people that shall call reach us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use jumpa_api::HealthCode as Code;

use super::finding::Finding;
use crate::config::Config;

pub(super) fn look(config: &Config) -> Vec<Finding> {
    vec![media(config), pages(config)]
}

/// Where clients are told to send media.
fn media(config: &Config) -> Finding {
    let told = if config.media.public_ips.is_empty() {
        outward_addresses()
    } else {
        config.media.public_ips.clone()
    };
    if told.is_empty() {
        return Finding::doubtful(
            Code::MediaAddressNone,
            "media address",
            "this machine has no network: only calls on this machine work",
            "name the address that clients reach with --public-ip",
        );
    }
    let names: Vec<String> = told.iter().map(ToString::to_string).collect();
    let names = names.join(", ");
    let finding = if told.iter().all(|ip| is_local(*ip)) {
        Finding::doubtful(
            Code::MediaAddressLocal,
            "media address",
            format!("{names}: can be reached from this network only"),
            "for calls over the internet name the public address with --public-ip and open the \
             media ports in the firewall",
        )
    } else {
        Finding::good(Code::MediaAddressPublic, "media address", names.clone())
    };
    finding.with("addresses", names)
}

/// Browsers give camera and microphone only to pages from https or from the machine itself.
fn pages(config: &Config) -> Finding {
    let listen = config.http.listen;
    let url = config.http.public_url.clone().unwrap_or_else(|| format!("http://{listen}"));
    let finding = match &config.http.public_url {
        Some(url) if url.starts_with("https://") => {
            Finding::good(Code::WebAddressHttps, "web address", url.clone())
        }
        Some(url) => Finding::bad(
            Code::WebAddressNotHttps,
            "web address",
            format!("{url} is not https: browsers give it no camera and no microphone"),
            "put a proxy with TLS in front and name its https address in http.public_url",
        ),
        None if listen.ip().is_loopback() => Finding::doubtful(
            Code::WebAddressThisMachine,
            "web address",
            format!("{url} can be opened on this machine only"),
            "for others put a proxy with TLS in front and name its address in http.public_url",
        ),
        None => Finding::doubtful(
            Code::WebAddressPlainHttp,
            "web address",
            format!("{url}: other machines get no camera and no microphone over http"),
            "put a proxy with TLS in front and name its address in http.public_url",
        ),
    };
    finding.with("url", url)
}

/// The addresses that packets to the outside would leave from. Connecting a UDP socket sends
/// nothing: it only looks the route up.
fn outward_addresses() -> Vec<IpAddr> {
    let far: [(IpAddr, SocketAddr); 2] = [
        (Ipv4Addr::UNSPECIFIED.into(), (Ipv4Addr::new(198, 51, 100, 1), 9).into()),
        (Ipv6Addr::UNSPECIFIED.into(), (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 9).into()),
    ];
    far.into_iter()
        .filter_map(|(any, far)| {
            let socket = UdpSocket::bind((any, 0)).ok()?;
            socket.connect(far).ok()?;
            Some(socket.local_addr().ok()?.ip())
        })
        .collect()
}

/// Private, loopback or link-local: nothing on the internet reaches it.
fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || is_shared(ip)
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// Carrier-grade NAT, 100.64.0.0/10 (RFC 6598).
fn is_shared(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    first == 100 && (64..128).contains(&second)
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Verdict, *};

    fn with_public_ip(ip: &str) -> Config {
        let mut config = Config::default();
        config.media.public_ips = vec![ip.parse().unwrap()];
        config
    }

    #[test]
    fn a_public_address_is_good_and_a_private_one_doubtful() {
        assert_eq!(media(&with_public_ip("203.0.113.9")).verdict, Verdict::Good);
        for ip in ["10.0.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", "fd00::1", "fe80::1"] {
            assert_eq!(media(&with_public_ip(ip)).verdict, Verdict::Doubtful, "{ip}");
        }
    }

    #[test]
    fn a_public_address_without_tls_is_bad() {
        let mut config = Config::default();
        config.http.public_url = Some("http://call.example".to_owned());
        assert_eq!(pages(&config).verdict, Verdict::Bad);
        config.http.public_url = Some("https://call.example".to_owned());
        assert_eq!(pages(&config).verdict, Verdict::Good);
    }
}
