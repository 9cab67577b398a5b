//! Who may do what inside a tenant: one table.
//!
//! An operation names what it needs in its signature, as a type of [`needs`]; the table says which
//! roles hold it. There are no exceptions elsewhere but one: only an owner may make or unmake
//! owners, see `members`.

use jumpa_protocol::Role;

/// Whom the table gives permissions to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A member in this role.
    Member(Role),
    /// The back end of one app, by its API key. It reaches that app only.
    ApiKey,
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $($holder:ident)*;)*) => {
        /// One thing that somebody may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Permission {
            $($(#[$doc])* $variant,)*
        }

        impl Permission {
            /// Every permission.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The permission as documents name it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            const fn holders(self) -> &'static [Holder] {
                match self { $(Self::$variant => &[$(holder!($holder),)*],)* }
            }
        }

        /// Permissions as types, for signatures.
        pub mod needs {
            use super::Permission;

            /// A permission in a signature.
            pub trait Needs: Send + Sync + 'static {
                /// Which one.
                const PERMISSION: Permission;
            }

            $(
                $(#[$doc])*
                #[derive(Debug)]
                pub enum $variant {}

                impl Needs for $variant {
                    const PERMISSION: Permission = Permission::$variant;
                }
            )*
        }
    };
}

macro_rules! holder {
    (api_key) => {
        Holder::ApiKey
    };
    (owner) => {
        Holder::Member(Role::Owner)
    };
    (admin) => {
        Holder::Member(Role::Admin)
    };
    (developer) => {
        Holder::Member(Role::Developer)
    };
    (agent) => {
        Holder::Member(Role::Agent)
    };
    (viewer) => {
        Holder::Member(Role::Viewer)
    };
}

permissions! {
    /// See the tenant's name and settings.
    ReadTenant = "tenant:read": owner admin developer agent viewer;
    /// Change the tenant's name and settings.
    WriteTenant = "tenant:write": owner admin;
    /// See who belongs to the tenant.
    ReadMembers = "members:read": owner admin developer agent viewer;
    /// Invite and remove people and change their roles.
    WriteMembers = "members:write": owner admin;
    /// See who changed what.
    ReadAudit = "audit:read": owner admin;
    /// See apps and their settings.
    ReadApps = "apps:read": owner admin developer agent viewer api_key;
    /// Make, change and delete apps.
    WriteApps = "apps:write": owner admin developer;
    /// See which keys there are; secrets are shown only once, to those who made them.
    ReadKeys = "keys:read": owner admin developer;
    /// Make and revoke signing keys and API keys.
    WriteKeys = "keys:write": owner admin developer;
    /// Make join tokens.
    CreateTokens = "tokens:create": owner admin developer agent api_key;
    /// See which rooms are live and who is in them.
    ReadRooms = "rooms:read": owner admin developer agent viewer api_key;
    /// Make, lock and end rooms; mute and remove participants.
    WriteRooms = "rooms:write": owner admin developer agent api_key;
    /// See past calls and who was in them.
    ReadCalls = "calls:read": owner admin developer agent viewer api_key;
    /// See which recordings there are, who is in them and who looked at them.
    ReadRecordings = "recordings:read": owner admin developer agent viewer api_key;
    /// See and hear recordings, and take their evidence.
    PlayRecordings = "recordings:play": owner admin agent api_key;
    /// Start and stop recordings, and share them.
    WriteRecordings = "recordings:write": owner admin agent api_key;
    /// Delete and restore recordings, and put them under legal hold.
    DeleteRecordings = "recordings:delete": owner admin api_key;
    /// See where recordings lie.
    ReadStorage = "storage:read": owner admin;
    /// Choose where recordings lie, with which key and whether encrypted.
    WriteStorage = "storage:write": owner admin;
    /// See usage and quality numbers.
    ReadUsage = "usage:read": owner admin developer viewer api_key;
    /// See webhook endpoints and what was delivered.
    ReadWebhooks = "webhooks:read": owner admin developer api_key;
    /// Make, change and delete webhook endpoints, and deliver again.
    WriteWebhooks = "webhooks:write": owner admin developer api_key;
}

impl Permission {
    /// Whether it only looks.
    #[must_use]
    pub fn is_read(self) -> bool {
        self.as_str().ends_with(":read")
    }

    /// Whether the holder may do it.
    #[must_use]
    pub fn is_held_by(self, holder: Holder) -> bool {
        self.holders().contains(&holder)
    }
}
