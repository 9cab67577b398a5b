//! The servers that run calls: how they are, and taking one out of service.

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::Timestamp;
use jumpa_protocol::NodeId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    ApiError, HealthFinding, api_state::ApiState, error::Code, fields, page::Page,
    session::OperatorAccess, time::rfc3339,
};

/// A server that runs calls.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Node)]
pub(crate) struct NodeView {
    id: NodeId,
    #[schema(example = "0.1.0")]
    version: String,
    #[schema(format = DateTime)]
    started_at: String,
    /// How many people are in calls.
    participants: u32,
    /// How many calls are running.
    calls: u32,
    /// Processor time since the last look, 0 to 1 for all cores; null where the machine does not
    /// tell.
    #[schema(required, example = 0.12)]
    cpu_ratio: Option<f64>,
    /// Memory in use; null where the machine does not tell.
    #[schema(required)]
    memory_bytes: Option<u64>,
    /// Whether it starts no calls.
    is_draining: bool,
}

impl NodeView {
    fn of(state: &ApiState) -> Self {
        let node = &state.config.node;
        let (status, rooms) = (node.status(), node.live_rooms());
        Self {
            id: status.id,
            version: status.version,
            started_at: rfc3339(status.started_at),
            participants: rooms.iter().map(|live| live.participants).sum(),
            calls: u32::try_from(rooms.len()).unwrap_or(u32::MAX),
            cpu_ratio: status.cpu_ratio,
            memory_bytes: status.memory_bytes,
            is_draining: status.is_draining,
        }
    }
}

/// List the servers
#[utoipa::path(
    get,
    path = "/v1/operator/nodes",
    operation_id = "list_nodes",
    tag = "operator",
    responses((status = OK, description = "The whole list", body = Page<NodeView>)),
    security(("session" = [])),
)]
pub(crate) async fn list(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
) -> Json<Page<NodeView>> {
    Json(Page::whole(vec![NodeView::of(&state)]))
}

/// Take a server out of service
///
/// It starts no calls: who wants to is told `server_draining`. Running calls go on and take
/// newcomers. Holds until it is taken back, or the server is started again.
#[utoipa::path(
    post,
    path = "/v1/operator/nodes/{node_id}/drain",
    operation_id = "drain_node",
    tag = "operator",
    params(("node_id" = NodeId, Path)),
    responses((status = OK, description = "The server", body = NodeView)),
    security(("session" = [])),
)]
pub(crate) async fn drain(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(node_id): Path<String>,
) -> Result<Json<NodeView>, ApiError> {
    set_draining(&state, &operator, &node_id, true).await
}

/// Take a server into service again
#[utoipa::path(
    post,
    path = "/v1/operator/nodes/{node_id}/undrain",
    operation_id = "undrain_node",
    tag = "operator",
    params(("node_id" = NodeId, Path)),
    responses((status = OK, description = "The server", body = NodeView)),
    security(("session" = [])),
)]
pub(crate) async fn undrain(
    operator: OperatorAccess,
    State(state): State<ApiState>,
    Path(node_id): Path<String>,
) -> Result<Json<NodeView>, ApiError> {
    set_draining(&state, &operator, &node_id, false).await
}

async fn set_draining(
    state: &ApiState,
    operator: &OperatorAccess,
    node_id: &str,
    is_draining: bool,
) -> Result<Json<NodeView>, ApiError> {
    let id: NodeId = fields::id(node_id)?;
    if state.config.node.status().id != id {
        return Err(Code::NotFound.into());
    }
    state.config.node.set_draining(is_draining);
    let (by, now) = (&operator.author, Timestamp::now());
    state.database().operator().note_node_draining(id, is_draining, by, now).await?;
    Ok(Json(NodeView::of(state)))
}

/// Show whether calls can work
///
/// Looks at everything that `jumpa doctor` looks at, at this moment: settings, data folder,
/// database, ports, addresses, clock; and at the disks of the recorders. May take some seconds.
#[utoipa::path(
    get,
    path = "/v1/operator/health",
    operation_id = "show_health",
    tag = "operator",
    responses((status = OK, description = "One finding for each thing", body = Page<HealthFinding>)),
    security(("session" = [])),
)]
pub(crate) async fn show_health(
    _operator: OperatorAccess,
    State(state): State<ApiState>,
) -> Json<Page<HealthFinding>> {
    let mut findings = state.config.node.health().await;
    findings.extend(state.config.recordings.health());
    Json(Page::whole(findings))
}
