//! What was found out about one thing.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use jumpa_api::{HealthCode, HealthFinding};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Good,
    /// Works, but probably not as wished.
    Doubtful,
    /// Keeps the server from starting or calls from working.
    Bad,
}

/// One thing that was looked at, as a sentence: subject and facts, and what to do about it.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(super) verdict: Verdict,
    /// What was found and with which values, for those who say it in another language.
    code: HealthCode,
    params: BTreeMap<&'static str, String>,
    subject: &'static str,
    facts: Cow<'static, str>,
    remedy: Option<Cow<'static, str>>,
}

impl Finding {
    pub(super) fn good(
        code: HealthCode,
        subject: &'static str,
        facts: impl Into<Cow<'static, str>>,
    ) -> Self {
        let params = BTreeMap::new();
        Self { verdict: Verdict::Good, code, params, subject, facts: facts.into(), remedy: None }
    }

    pub(super) fn doubtful(
        code: HealthCode,
        subject: &'static str,
        facts: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        let remedy = Some(remedy.into());
        Self { verdict: Verdict::Doubtful, remedy, ..Self::good(code, subject, facts) }
    }

    pub(super) fn bad(
        code: HealthCode,
        subject: &'static str,
        facts: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        let remedy = Some(remedy.into());
        Self { verdict: Verdict::Bad, remedy, ..Self::good(code, subject, facts) }
    }

    /// Adds a value that the words in another language need.
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.insert(name, value.to_string());
        self
    }
}

impl From<&Finding> for HealthFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            verdict: match finding.verdict {
                Verdict::Good => jumpa_api::Verdict::Good,
                Verdict::Doubtful => jumpa_api::Verdict::Doubtful,
                Verdict::Bad => jumpa_api::Verdict::Bad,
            },
            code: finding.code,
            params: finding.params.clone(),
            subject: finding.subject.to_owned(),
            facts: finding.facts.to_string(),
            remedy: finding.remedy.as_ref().map(ToString::to_string),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.verdict {
            Verdict::Good => "ok",
            Verdict::Doubtful => "note",
            Verdict::Bad => "BAD",
        };
        writeln!(f, "{mark:<5}{:<14}{}", self.subject, self.facts)?;
        match &self.remedy {
            Some(remedy) => writeln!(f, "{:19}→ {remedy}", ""),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_hears_code_and_values_beside_the_english_text() {
        let facts = "412 MiB are left for the data folder";
        let finding =
            Finding::doubtful(HealthCode::FreeSpaceScarce, "free space", facts, "make room soon")
                .with("mib", 412);
        let told = HealthFinding::from(&finding);
        assert_eq!(told.code, HealthCode::FreeSpaceScarce);
        assert_eq!(told.params["mib"], "412");
        assert_eq!((told.subject.as_str(), told.facts.as_str()), ("free space", facts));
        // The command line says what it said before there were codes.
        let line = "note free space    412 MiB are left for the data folder\n";
        assert!(finding.to_string().starts_with(line), "{finding}");
    }
}
