use std::fmt;

/// Certificates that are trusted beside those of the system, such as that of a company's own
/// network. The system's verifier stays in charge: it is told of them (`rustls-platform-verifier`
/// adds them to the roots of the system, on Linux, macOS and Windows alike).
#[derive(Clone, Default)]
pub struct Certificates(Vec<reqwest::Certificate>);

/// A file that holds no certificate that could be used.
#[derive(Debug, thiserror::Error)]
pub enum BadCertificates {
    /// There is none in it.
    #[error("no certificate in it: a PEM file has lines with BEGIN CERTIFICATE")]
    Empty,
    /// One is damaged.
    #[error("a certificate in it is damaged")]
    Damaged {
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Certificates {
    /// Reads every certificate of a PEM file. Other things in it are passed over.
    pub fn from_pem(pem: &[u8]) -> Result<Self, BadCertificates> {
        let damaged = |error: reqwest::Error| BadCertificates::Damaged {
            source: error.into(),
        };
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(damaged)?;
        if certificates.is_empty() {
            return Err(BadCertificates::Empty);
        }
        // What is inside is looked at only when a client is made, so one is made.
        reqwest::Client::builder()
            .tls_certs_only(certificates.clone())
            .build()
            .map_err(damaged)?;
        Ok(Self(certificates))
    }

    /// Whether nobody is trusted beside those whom the system trusts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn apply(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder.tls_certs_merge(self.0.clone())
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificates({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_said_to_be_none() {
        for (pem, is_empty) in [
            ("", true),
            ("nothing of the kind", true),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                true,
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                false,
            ),
            (
                "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n",
                false,
            ),
            ("-----BEGIN CERTIFICATE-----\nAAAA", false),
        ] {
            let error = Certificates::from_pem(pem.as_bytes()).unwrap_err();
            assert_eq!(
                matches!(error, BadCertificates::Empty),
                is_empty,
                "{pem}: {error:?}"
            );
        }
    }
}
