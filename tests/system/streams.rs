//! Streams of real calls to a real RTMP server.

use std::time::Duration;

use jumpa_client::RequestError;
use jumpa_protocol::{
    AllowedNetworks, AppId, ErrorCode, StreamTargetId,
    recording::{
        ComposeTime, Composition, JobReport, RecordedFileRole, RecordingJob, RecordingKind,
        RecordingLayout, RecordingOptions, RecordingState, StreamFailure, StreamState,
        StreamTarget, StreamTargetName, WantedTarget,
    },
    signal::{ClientRequest, Event, ServerMessage, StartRecording},
};
use jumpa_recorder::job::JobCommand;
use jumpa_system_tests::{Console, Person, RtmpServer, RtmpsServer, Server};
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::{
    recorder::{ROOM, Recorder, Track, colour_of, job, person, tones},
    server,
};

/// How much of a stream goes out before it is looked at, and between two looks.
const A_WHILE: Duration = Duration::from_secs(2);

/// After how much of a stream somebody must be in it who was in the call before it began.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server in the own house, which the operator lets streams reach.
fn target(url: String) -> StreamTarget {
    let networks = ["127.0.0.1", "::1"].map(str::to_owned);
    let networks = AllowedNetworks::parse(&networks).unwrap();
    StreamTarget { id: StreamTargetId::generate(), url, networks }
}

fn stream(
    server: &Server,
    app: &AppId,
    person: &Person,
    targets: Vec<StreamTarget>,
) -> RecordingJob {
    let composition = Composition {
        layout: RecordingLayout::Grid,
        height: 720,
        time: ComposeTime::Live,
        has_names: true,
        logo: None,
    };
    let job = job(server, app, person);
    RecordingJob { kind: RecordingKind::Stream, composition: Some(composition), targets, ..job }
}

fn is_in(report: &JobReport, id: StreamTargetId, state: StreamState) -> bool {
    report.targets.iter().any(|target| target.id == id && target.state == state)
}

/// Waits until Dewi is seen and heard in what a platform has got last of so many streams. A stream
/// begins with its recording, in which she is later, the more so on a busy machine.
async fn dewi_is_shown(platform: &RtmpServer, count: usize) {
    let mut length = A_WHILE;
    loop {
        platform.receives(count, length).await;
        let path = platform.received().pop().unwrap();
        let second = length.as_secs_f64() - 0.5;
        let look = move || {
            let [red, _, blue] = colour_of(&path, &second.to_string(), "crop=200:120:540:280");
            let tone = tones(&path, second - 0.3, 0.5, &[440.0])[0];
            (red > 150 && blue < 100 && tone > 0.02, format!("{red} {blue} {tone}"))
        };
        let (is_shown, what) = spawn_blocking(look).await.unwrap();
        if is_shown {
            return;
        }
        assert!(length < PATIENCE, "Dewi is not in the stream: {what}");
        length += A_WHILE;
    }
}

#[tokio::test]
async fn a_stream_comes_back_after_an_outage_and_the_file_has_no_gap() {
    let mut platform = RtmpServer::start().await;
    let server = server().await;
    let app = server.create_app("Toko Melati", &[]).await;
    let (dewi, _dewi_sends) = person(&server, &app, "Dewi", "red", 440).await;
    let folders = tempfile::tempdir().unwrap();
    let live = target(platform.url());
    let job = stream(&server, &app, &dewi, vec![live.clone()]);
    let mut recorder = Recorder::start(&server, folders.path(), job);
    let is_live = |report: &JobReport| is_in(report, live.id, StreamState::Live);
    recorder.reports_at_last("the stream is live", is_live).await;
    dewi_is_shown(&platform, 1).await;
    platform.stop().await;
    recorder.reports_at_last("the outage is noticed", |report| !is_live(report)).await;
    platform.start_again().await;
    recorder.reports_at_last("the stream is live again", is_live).await;
    dewi_is_shown(&platform, 2).await;
    let ready = recorder.finish().await;
    assert_eq!((ready.state, &ready.detail), (RecordingState::Ready, &None));
    let file = recorder.file(&ready, RecordedFileRole::Composite);
    // A machine without time makes one of four pictures.
    assert!(file.plays() > 4.0 && file.longest_pause() < 0.15, "{}", file.longest_pause());
    assert_eq!(platform.received().len(), 2, "before and after the outage");
}

#[tokio::test]
async fn a_wrong_key_is_told_and_disturbs_no_other_target() {
    let platform = RtmpServer::start().await;
    let server = server().await;
    let app = server.create_app("Toko Melati", &[]).await;
    let (dewi, _dewi_sends) = person(&server, &app, "Dewi", "red", 440).await;
    let folders = tempfile::tempdir().unwrap();
    let (right, wrong) = (target(platform.url()), target(platform.url_with("salah")));
    let job = stream(&server, &app, &dewi, vec![right.clone()]);
    let mut recorder = Recorder::start(&server, folders.path(), job);
    recorder
        .reports("the stream is live", |report| is_in(report, right.id, StreamState::Live))
        .await;
    recorder.tell(JobCommand::SetTargets(vec![right.clone(), wrong.clone()])).await;
    let refused = recorder
        .reports("the key is refused", |report| is_in(report, wrong.id, StreamState::Refused))
        .await;
    let of = |id| refused.targets.iter().find(|target| target.id == id).unwrap();
    assert_eq!(of(wrong.id).failure, Some(StreamFailure::KeyRefused));
    assert_eq!(of(right.id).state, StreamState::Live);
    recorder.finish().await;
    assert_eq!(platform.received().len(), 1);
}

#[tokio::test]
async fn a_stream_goes_through_tls_to_whom_the_machine_trusts() {
    let platform = RtmpServer::start().await;
    let front = RtmpsServer::start(&platform).await;
    let server = server().await;
    let app = server.create_app("Toko Melati", &[]).await;
    let (dewi, _dewi_sends) = person(&server, &app, "Dewi", "red", 440).await;
    let folders = tempfile::tempdir().unwrap();
    let live = target(front.url());
    let job = stream(&server, &app, &dewi, vec![live.clone()]);
    let trusted = front.certificate();
    let mut recorder = Recorder::start_trusting(&server, folders.path(), job, &trusted);
    recorder
        .reports("the stream is live", |report| is_in(report, live.id, StreamState::Live))
        .await;
    let shown = recorder.composed_ms() + 2_000;
    recorder.reports("some seconds go out", |report| report.composed_ms > Some(shown)).await;
    let ready = recorder.finish().await;
    assert_eq!((ready.state, &ready.detail), (RecordingState::Ready, &None));
    let received = platform.received();
    assert_eq!(received.len(), 1);
    let file = recorder.file(&ready, RecordedFileRole::Composite).file;
    let stream = Track { path: received[0].clone(), file };
    assert!(stream.tones(1.0, 0.5, &[440.0])[0] > 0.02, "Dewi is heard in the stream");
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_told_and_nothing_is_sent() {
    let platform = RtmpServer::start().await;
    let front = RtmpsServer::start(&platform).await;
    let server = server().await;
    let app = server.create_app("Toko Melati", &[]).await;
    let (dewi, _dewi_sends) = person(&server, &app, "Dewi", "red", 440).await;
    let folders = tempfile::tempdir().unwrap();
    let (plain, wrong) = (target(platform.url()), target(front.url()));
    let job = stream(&server, &app, &dewi, vec![plain.clone(), wrong.clone()]);
    let mut recorder = Recorder::start(&server, folders.path(), job);
    let refused = recorder
        .reports("one is live and one refused", |report| {
            is_in(report, plain.id, StreamState::Live)
                && is_in(report, wrong.id, StreamState::Refused)
        })
        .await;
    let of = |id| refused.targets.iter().find(|target| target.id == id).unwrap();
    assert_eq!(of(wrong.id).failure, Some(StreamFailure::CertificateInvalid));
    let ready = recorder.finish().await;
    assert_eq!(ready.state, RecordingState::Ready);
    assert_eq!(platform.received().len(), 1, "what went without TLS");
}

#[tokio::test]
async fn a_stream_does_not_follow_a_name_into_the_house() {
    let platform = RtmpServer::start().await;
    let server = server().await;
    let app = server.create_app("Toko Melati", &[]).await;
    let (dewi, _dewi_sends) = person(&server, &app, "Dewi", "red", 440).await;
    let folders = tempfile::tempdir().unwrap();
    let url = platform.url().replace("127.0.0.1", "localhost");
    let rebound = StreamTarget { networks: AllowedNetworks::default(), ..target(url) };
    let job = stream(&server, &app, &dewi, vec![rebound.clone()]);
    let mut recorder = Recorder::start(&server, folders.path(), job);
    let refused = recorder
        .reports("it is refused", |report| is_in(report, rebound.id, StreamState::Refused))
        .await;
    let failure = refused.targets.iter().find(|of| of.id == rebound.id).unwrap().failure;
    assert_eq!(failure, Some(StreamFailure::Unreachable));
    let ready = recorder.finish().await;
    assert_eq!(ready.state, RecordingState::Ready, "the file is made all the same");
    assert!(platform.received().is_empty());
}

#[tokio::test]
async fn a_moderator_goes_live_to_what_their_app_has_stored_and_nobody_else_does() {
    let server = server().await;
    let operator = Console::operator(&server).await;
    let (_, owner, shop) = operator.found_tenant(&server).await;
    let new = json!({ "preset": "youtube", "key": "abcd-efgh-1234", "name": "Toko live" });
    let stored = owner.post(&server, &format!("/v1/apps/{shop}/stream_targets"), &new).await;
    let id: StreamTargetId = stored["id"].as_str().unwrap().parse().unwrap();
    // Another tenant's app, made later: when calls know of it, they know of the target as well.
    let clinic = server.create_app("Klinik Sehat", &[]).await;
    let shop: AppId = shop.parse().unwrap();
    let mut dewi = server.moderator(&shop, ROOM, "Dewi").await;
    let ayu = server.moderator(&clinic, ROOM, "dr. Ayu").await;

    let told = async |person: &Person| match person.ask(ClientRequest::ListStreamTargets).await {
        Ok(ServerMessage::StreamTargets { targets, .. }) => targets,
        other => panic!("another answer: {other:?}"),
    };
    assert_eq!(told(&dewi).await, [StreamTargetName { id, name: "Toko live".to_owned() }]);
    assert_eq!(told(&ayu).await, []);
    let start = || {
        let options = RecordingOptions::new(RecordingKind::Stream);
        let targets = vec![WantedTarget { id: Some(id), ..WantedTarget::default() }];
        ClientRequest::StartRecording(StartRecording { options, targets })
    };
    let Err(RequestError::Refused(refusal)) = ayu.ask(start()).await else { panic!("not refused") };
    assert_eq!(refusal.code, ErrorCode::StreamTargetUnknown);
    dewi.ask(start()).await.unwrap();
    let shown = dewi
        .hears("the stream is shown in the call", |event| match event {
            Event::RecordingChanged { recording } => Some(recording),
            _ => None,
        })
        .await;
    assert_eq!(shown.state, RecordingState::Queued, "there is no recorder");
    let streams: Vec<_> =
        shown.streams.iter().map(|stream| (stream.id, stream.name.as_str())).collect();
    assert_eq!(streams, [(id, "Toko live")]);
}
