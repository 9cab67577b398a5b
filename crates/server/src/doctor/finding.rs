//! What was found out about one thing.

use std::{borrow::Cow, fmt};

use jumpa_api::HealthFinding;

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
    subject: &'static str,
    facts: Cow<'static, str>,
    remedy: Option<Cow<'static, str>>,
}

impl Finding {
    pub(super) fn good(subject: &'static str, facts: impl Into<Cow<'static, str>>) -> Self {
        Self { verdict: Verdict::Good, subject, facts: facts.into(), remedy: None }
    }

    pub(super) fn doubtful(
        subject: &'static str,
        facts: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        let remedy = Some(remedy.into());
        Self { verdict: Verdict::Doubtful, subject, facts: facts.into(), remedy }
    }

    pub(super) fn bad(
        subject: &'static str,
        facts: impl Into<Cow<'static, str>>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        let remedy = Some(remedy.into());
        Self { verdict: Verdict::Bad, subject, facts: facts.into(), remedy }
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
