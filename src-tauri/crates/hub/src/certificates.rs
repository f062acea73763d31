use std::fmt;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::trust::{Speaks, Trust};

/// Certificates that are trusted beside those of the system, such as that of a company's own
/// network. The system's verifier stays in charge: it is told of them (`rustls-platform-verifier`
/// adds them to the roots of the system, on Linux, macOS and Windows alike). Clones share what was
/// read of the system.
#[derive(Clone)]
pub struct Certificates(Arc<Trust>);

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
        fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> BadCertificates {
            BadCertificates::Damaged {
                source: error.into(),
            }
        }
        let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
        let certificates = certificates.map_err(damaged)?;
        if certificates.is_empty() {
            return Err(BadCertificates::Empty);
        }
        // What is inside is looked at only when somebody is to be trusted by it, so it is tried.
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            roots.add(certificate.clone()).map_err(damaged)?;
        }
        Ok(Self(Arc::new(Trust::new(certificates))))
    }

    /// Whether nobody is trusted beside those whom the system trusts.
    pub fn is_empty(&self) -> bool {
        self.0.extra().is_empty()
    }

    pub(crate) fn apply(
        &self,
        builder: reqwest::ClientBuilder,
        speaks: Speaks,
    ) -> reqwest::ClientBuilder {
        builder.tls_backend_preconfigured(self.0.config(speaks))
    }
}

impl Default for Certificates {
    fn default() -> Self {
        Self(Arc::new(Trust::new(Vec::new())))
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificates({})", self.0.extra().len())
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
