//! Words about tenants and their people that stand in the database and in the API.

/// A stored or sent word is none of those that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no word that is known here")]
pub struct UnknownWord;

/// An enum whose values are words, the same in JSON and in the database.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize,
            serde::Deserialize, utoipa::ToSchema, schemars::JsonSchema, ts_rs::TS,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word as it stands in JSON and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> Result<Self, $crate::UnknownWord> {
                let mut all = Self::ALL.iter().copied();
                all.find(|value| value.as_str() == text).ok_or($crate::UnknownWord)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::UnknownWord;

            fn try_from(text: String) -> Result<Self, $crate::UnknownWord> {
                text.parse()
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a member is to a tenant, the mightiest first.
    Role {
        /// Everything, other owners included.
        Owner = "owner",
        /// Everything but owners.
        Admin = "admin",
        /// Builds the integration: apps, keys, webhooks.
        Developer = "developer",
        /// Talks to customers: rooms and tokens.
        Agent = "agent",
        /// Looks at numbers.
        Viewer = "viewer",
    }
}

words! {
    /// Whether a tenant may use the platform.
    TenantStatus {
        /// It may.
        Active = "active",
        /// The operator stopped it: its apps take no joins.
        Suspended = "suspended",
    }
}

words! {
    /// The language of mails and pages.
    Language {
        /// English.
        En = "en",
        /// Indonesian.
        Id = "id",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reads_in_json_as_it_is_stored() {
        for role in Role::ALL {
            let json = serde_json::to_string(role).expect("a plain string");
            assert_eq!(json, format!("\"{}\"", role.as_str()));
            assert_eq!(role.as_str().parse(), Ok(*role));
        }
        assert_eq!("Owner".parse::<Role>(), Err(UnknownWord));
    }
}
