//! Chat, hands and reactions through the whole server.

use jumpa_protocol::signal::{ClientRequest, Event, Reaction};

use crate::server;

#[tokio::test]
async fn everybody_reads_what_is_written_and_who_comes_later_reads_it_too() {
    let server = server().await;
    let mut sari = server.guest("ruang-1", "Sari").await;
    let mut budi = server.guest("ruang-1", "Budi").await;
    sari.write("selamat pagi", None).await;
    for person in [&mut sari, &mut budi] {
        let message = person.reads().await;
        assert_eq!((message.text.as_str(), message.from_name.as_str()), ("selamat pagi", "Sari"));
    }
    let dewi = server.guest("ruang-1", "Dewi").await;
    let history: Vec<String> =
        dewi.client.snapshot().chat.into_iter().map(|message| message.text).collect();
    assert_eq!(history, ["selamat pagi"]);
}

#[tokio::test]
async fn a_private_message_reaches_its_reader_alone() {
    let server = server().await;
    let sari = server.guest("ruang-1", "Sari").await;
    let mut budi = server.guest("ruang-1", "Budi").await;
    let mut dewi = server.guest("ruang-1", "Dewi").await;
    sari.write("hanya untuk Budi", Some(budi.id())).await;
    sari.write("untuk semua", None).await;
    let message = budi.reads().await;
    assert_eq!((message.text.as_str(), message.to), ("hanya untuk Budi", Some(budi.id())));
    assert_eq!(dewi.reads().await.text, "untuk semua");
    let late = server.guest("ruang-1", "Rina").await;
    let history: Vec<String> =
        late.client.snapshot().chat.into_iter().map(|message| message.text).collect();
    assert_eq!(history, ["untuk semua"]);
}

#[tokio::test]
async fn a_raised_hand_and_a_reaction_are_seen_by_everybody() {
    let server = server().await;
    let sari = server.guest("ruang-1", "Sari").await;
    let mut budi = server.guest("ruang-1", "Budi").await;
    sari.ask(ClientRequest::SetHand { is_raised: true }).await.unwrap();
    sari.ask(ClientRequest::React { reaction: Reaction::Clap }).await.unwrap();
    let raised_at_ms = budi
        .hears("the hand goes up", |event| match event {
            Event::HandChanged { participant_id, raised_at_ms } => {
                (participant_id == sari.id()).then_some(raised_at_ms)
            }
            _ => None,
        })
        .await;
    assert!(raised_at_ms.is_some());
    let reaction = budi
        .hears("the reaction", |event| match event {
            Event::Reacted { reaction, .. } => Some(reaction),
            _ => None,
        })
        .await;
    assert_eq!(reaction, Reaction::Clap);
    let dewi = server.guest("ruang-1", "Dewi").await;
    let room = dewi.client.snapshot();
    let raised = room.participants.iter().filter(|other| other.hand_raised_at_ms.is_some());
    assert_eq!(raised.map(|other| other.id).collect::<Vec<_>>(), [sari.id()]);
}
