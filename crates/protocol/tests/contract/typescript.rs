//! The TypeScript side of the contract: one file with every type and the constants the SDK needs.

use std::{collections::BTreeMap, fmt::Write as _};

use jumpa_protocol::{
    ErrorCode, Layer, MediaKind, Refusal, SourceKind, fast,
    limits::{self, close_code},
    signal,
};
use ts_rs::{Config, TS, TypeVisitor};

use crate::checked_in;

#[test]
fn typescript_types_are_up_to_date() {
    let path = checked_in::repository().join("web/packages/sdk/src/generated/protocol.ts");
    checked_in::check(&path, &module());
}

fn module() -> String {
    let config = Config::new().with_large_int("number");
    let mut types = Types { config: &config, declarations: BTreeMap::new() };
    types.visit::<signal::ClientMessage>();
    types.visit::<signal::ServerMessage>();
    types.visit::<fast::FastMessage>();
    types.visit::<Refusal>();
    types.visit::<MediaKind>();

    let mut out = String::from(
        "// Generated from crates/protocol by `make codegen`. Do not edit: a test compares it.\n",
    );
    for declaration in types.declarations.values() {
        out.push('\n');
        out.push_str(declaration);
    }
    constants(&mut out);
    out
}

/// Collects the declarations of a type and of everything it is made of, by name.
struct Types<'a> {
    config: &'a Config,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(self.config);
        if self.declarations.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let declaration = format!("{docs}export {}\n", T::decl(self.config));
        self.declarations.insert(name, declaration);
        T::visit_dependencies(self);
    }
}

fn constants(out: &mut String) {
    text(out, "The WebSocket subprotocol of this version.", "SUBPROTOCOL", signal::SUBPROTOCOL);
    text(out, "The label of the one data channel.", "FAST_LABEL", fast::LABEL);

    let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    list(out, "Every reason for a refusal.", "ERROR_CODES", "ErrorCode", &codes);
    let kinds: Vec<_> = SourceKind::ALL.iter().map(json_text).collect();
    list(
        out,
        "Every kind of source, in the order of the sending m-lines. The number of a source (the\n * CSRC of its packets) is `participant.number * 4 + SOURCE_KINDS.indexOf(kind)`.",
        "SOURCE_KINDS",
        "SourceKind",
        &kinds,
    );
    let layers: Vec<_> = Layer::ALL.iter().map(json_text).collect();
    list(out, "Every layer of a camera, from small to large.", "LAYERS", "Layer", &layers);
    let reactions: Vec<_> = signal::Reaction::ALL.iter().map(json_text).collect();
    list(out, "Every reaction.", "REACTIONS", "Reaction", &reactions);

    numbers(
        out,
        "Bounds of the protocol; `…_MS` are milliseconds, `…_CHARS` are Unicode scalar values.",
        "LIMITS",
        &[
            ("MAX_MESSAGE_BYTES", limits::MAX_MESSAGE_BYTES as u64),
            ("MAX_OFFER_MESSAGE_BYTES", limits::MAX_OFFER_MESSAGE_BYTES as u64),
            ("MAX_MESSAGES_PER_SECOND", u64::from(limits::MAX_MESSAGES_PER_SECOND)),
            ("MAX_APP_ID_LEN", limits::MAX_APP_ID_LEN as u64),
            ("MAX_ROOM_NAME_LEN", limits::MAX_ROOM_NAME_LEN as u64),
            ("MAX_NAME_CHARS", limits::MAX_NAME_CHARS as u64),
            ("MAX_CHAT_CHARS", limits::MAX_CHAT_CHARS as u64),
            ("MAX_CHAT_HISTORY", limits::MAX_CHAT_HISTORY as u64),
            ("MAX_PASSWORD_CHARS", limits::MAX_PASSWORD_CHARS as u64),
            ("MAX_TOKEN_BYTES", limits::MAX_TOKEN_BYTES as u64),
            ("DEFAULT_AUDIO_SLOTS", u64::from(limits::DEFAULT_AUDIO_SLOTS)),
            ("MAX_AUDIO_SLOTS", u64::from(limits::MAX_AUDIO_SLOTS)),
            ("MAX_VIDEO_SLOTS", u64::from(limits::MAX_VIDEO_SLOTS)),
            ("RESUME_WINDOW_MS", limits::RESUME_WINDOW.as_millis() as u64),
            ("PING_INTERVAL_MS", limits::PING_INTERVAL.as_millis() as u64),
            ("SILENCE_TIMEOUT_MS", limits::SILENCE_TIMEOUT.as_millis() as u64),
            ("MAX_REPLAY_EVENTS", limits::MAX_REPLAY_EVENTS as u64),
        ],
    );
    let _ = write!(
        out,
        "\n/** Steps in which a client grows its video slots. */\nexport const VIDEO_SLOT_STEPS = {:?} as const;\n",
        limits::VIDEO_SLOT_STEPS
    );
    numbers(
        out,
        "WebSocket close codes.",
        "CLOSE_CODES",
        &[
            ("ENDED", u64::from(close_code::ENDED)),
            ("NO_JOIN", u64::from(close_code::NO_JOIN)),
            ("REPLACED", u64::from(close_code::REPLACED)),
            ("REFUSED", u64::from(close_code::REFUSED)),
            ("SLOW", u64::from(close_code::SLOW)),
            ("SILENT", u64::from(close_code::SILENT)),
            ("FLOOD", u64::from(close_code::FLOOD)),
            ("NOT_TEXT", u64::from(close_code::NOT_TEXT)),
            ("TOO_BIG", u64::from(close_code::TOO_BIG)),
            ("RESTART", u64::from(close_code::RESTART)),
        ],
    );
}

fn json_text<T: serde::Serialize>(value: &T) -> String {
    let json = serde_json::to_value(value).expect("a plain enum");
    json.as_str().expect("written as text").to_owned()
}

fn text(out: &mut String, docs: &str, name: &str, value: &str) {
    let _ = write!(out, "\n/** {docs} */\nexport const {name} = '{value}';\n");
}

fn list(out: &mut String, docs: &str, name: &str, ty: &str, values: &[String]) {
    let open = if docs.contains('\n') { "/**\n * " } else { "/** " };
    let close = if docs.contains('\n') { "\n */" } else { " */" };
    let _ = write!(out, "\n{open}{docs}{close}\nexport const {name} = [\n");
    for value in values {
        let _ = writeln!(out, "  '{value}',");
    }
    let _ = writeln!(out, "] as const satisfies readonly {ty}[];");
}

fn numbers(out: &mut String, docs: &str, name: &str, values: &[(&str, u64)]) {
    let _ = write!(out, "\n/** {docs} */\nexport const {name} = {{\n");
    for (key, value) in values {
        let _ = writeln!(out, "  {key}: {value},");
    }
    let _ = writeln!(out, "}} as const;");
}
