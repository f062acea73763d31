//! What must not be published by accident: keys and tokens, by the names of their files and by
//! their known shapes. Pure.
//!
//! A shape is one that its issuer documents, with a prefix of its own, so that what is found is
//! hardly ever something else. What has none (passwords, for one) is not looked for.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

/// The longest text file that is searched, in bytes.
pub(crate) const LONGEST_TEXT: u64 = 8 << 20;

/// What kind of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Secret {
    /// A private key: SSH, TLS, PGP.
    PrivateKey,
    /// A file of settings that by custom holds passwords, such as `.env`.
    Environment,
    /// A file in which a program keeps its sign-ins.
    Credentials,
    /// A token of this Hub.
    HubToken,
    /// A token of another service.
    Token(Issuer),
}

/// Whose token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Issuer {
    /// Amazon Web Services.
    Aws,
    /// Anthropic.
    Anthropic,
    /// GitHub.
    GitHub,
    /// GitLab.
    GitLab,
    /// Google.
    Google,
    /// npm.
    Npm,
    /// OpenAI.
    OpenAi,
    /// PyPI.
    PyPi,
    /// Slack.
    Slack,
    /// Stripe.
    Stripe,
}

/// Shapes, and whose they are.
const SHAPES: [(&str, Secret); 14] = [
    (
        r"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----",
        Secret::PrivateKey,
    ),
    (r"\bhf_[A-Za-z0-9]{34}\b", Secret::HubToken),
    (r"\bapi_org_[A-Za-z0-9]{34}\b", Secret::HubToken),
    (r"\b(AKIA|ASIA)[0-9A-Z]{16}\b", Secret::Token(Issuer::Aws)),
    (
        r"\bsk-ant-[A-Za-z0-9_-]{32,}",
        Secret::Token(Issuer::Anthropic),
    ),
    (
        r"\bgh[opsur]_[A-Za-z0-9]{36,}\b",
        Secret::Token(Issuer::GitHub),
    ),
    (
        r"\bgithub_pat_[A-Za-z0-9_]{60,}\b",
        Secret::Token(Issuer::GitHub),
    ),
    (r"\bglpat-[A-Za-z0-9_-]{20,}", Secret::Token(Issuer::GitLab)),
    (r"\bAIza[0-9A-Za-z_-]{35}", Secret::Token(Issuer::Google)),
    (r"\bnpm_[A-Za-z0-9]{36}\b", Secret::Token(Issuer::Npm)),
    (
        r"\bsk-(proj-|svcacct-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}",
        Secret::Token(Issuer::OpenAi),
    ),
    (
        r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}",
        Secret::Token(Issuer::PyPi),
    ),
    (
        r"\bxox[abprs]-[0-9]{8,}-[A-Za-z0-9-]{10,}",
        Secret::Token(Issuer::Slack),
    ),
    (
        r"\b[rs]k_live_[0-9a-zA-Z]{24,}",
        Secret::Token(Issuer::Stripe),
    ),
];

static SET: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSetBuilder::new(SHAPES.map(|(shape, _)| shape))
        .unicode(false)
        .build()
        .expect("the shapes are written above")
});

/// What a file of this name holds by custom.
pub(crate) fn by_name(name: &str) -> Option<Secret> {
    let is_sample = [".example", ".sample", ".template", ".dist"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match name {
        ".env" | ".envrc" => Some(Secret::Environment),
        _ if name.starts_with(".env.") && !is_sample => Some(Secret::Environment),
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | "id_ecdsa_sk" | "id_ed25519_sk" => {
            Some(Secret::PrivateKey)
        }
        ".netrc" | "_netrc" | ".git-credentials" | ".pypirc" | ".pgpass" | ".htpasswd"
        | "credentials.json" | "stored_tokens" | "kubeconfig" => Some(Secret::Credentials),
        _ if [".p12", ".pfx", ".ppk", ".kdbx", ".jks", ".keystore"]
            .iter()
            .any(|ending| name.ends_with(ending) && !stem.is_empty()) =>
        {
            Some(Secret::PrivateKey)
        }
        _ => None,
    }
}

/// What a text shows, if it shows one; of several the first in the list of kinds.
pub(crate) fn in_text(text: &[u8]) -> Option<Secret> {
    let first = SET.matches(text).iter().next()?;
    Some(SHAPES[first].1)
}

/// Whether these first bytes are those of a text.
pub(crate) fn is_text(sample: &[u8]) -> bool {
    !sample.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together here, so that no file of ours looks as if it held one.
    fn token(prefix: &str, length: usize) -> String {
        format!("{prefix}{}", "aB3".repeat(length).split_at(length).0)
    }

    #[test]
    fn tokens_are_known_by_their_shapes() {
        for (text, expected) in [
            (token("hf_", 34), Secret::HubToken),
            (token("ghp_", 36), Secret::Token(Issuer::GitHub)),
            (token("sk-ant-", 40), Secret::Token(Issuer::Anthropic)),
            (
                format!("AKIA{}", "A".repeat(16)),
                Secret::Token(Issuer::Aws),
            ),
            (token("AIza", 35), Secret::Token(Issuer::Google)),
            (token("npm_", 36), Secret::Token(Issuer::Npm)),
            (token("glpat-", 20), Secret::Token(Issuer::GitLab)),
            (token("sk_live_", 24), Secret::Token(Issuer::Stripe)),
            (token("xoxb-123456789-", 12), Secret::Token(Issuer::Slack)),
            (
                format!("-----BEGIN {}PRIVATE KEY-----", "RSA "),
                Secret::PrivateKey,
            ),
        ] {
            let line = format!("x = \"{text}\"\n");
            assert_eq!(in_text(line.as_bytes()), Some(expected), "{expected:?}");
        }
    }

    #[test]
    fn what_only_resembles_one_is_left_alone() {
        for text in [
            "hf_token = None",
            "HF_TOKEN=hf_xxx",
            "-----BEGIN PUBLIC KEY-----",
            "the file ghp_ and more",
        ] {
            assert_eq!(in_text(text.as_bytes()), None, "{text}");
        }
        let too_long = token("hf_", 35);
        assert_eq!(in_text(too_long.as_bytes()), None);
    }

    #[test]
    fn files_are_known_by_their_names() {
        for (name, expected) in [
            (".env", Some(Secret::Environment)),
            (".env.production", Some(Secret::Environment)),
            (".env.example", None),
            ("env", None),
            ("id_ed25519", Some(Secret::PrivateKey)),
            ("id_ed25519.pub", None),
            ("store.p12", Some(Secret::PrivateKey)),
            (".netrc", Some(Secret::Credentials)),
            ("README.md", None),
        ] {
            assert_eq!(by_name(name), expected, "{name}");
        }
    }
}
