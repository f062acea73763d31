use std::sync::{Arc, Mutex};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;

/// What a connection may speak, in our order, in the words of ALPN (RFC 7301).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaks {
    /// HTTP/2 where it is offered.
    Http2,
    /// HTTP/1.1, whatever is offered.
    Http1,
}

/// The system's verifier, told of certificates beside the system's. It is made when a server first
/// shows a certificate, and then once for all connections: on Linux it reads and parses every
/// certificate of the system, which a plain connection to this machine need not wait for.
#[derive(Debug)]
pub(crate) struct Trust {
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
    verifier: Mutex<Option<Arc<Verifier>>>,
}

impl Trust {
    pub(crate) fn new(extra: Vec<CertificateDer<'static>>) -> Self {
        Self {
            extra,
            provider: Arc::new(aws_lc_rs::default_provider()),
            verifier: Mutex::default(),
        }
    }

    pub(crate) fn extra(&self) -> &[CertificateDer<'static>] {
        &self.extra
    }

    /// How connections are made that trust whom this does.
    pub(crate) fn config(self: &Arc<Self>, speaks: Speaks) -> ClientConfig {
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .expect("the provider knows every version")
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Self>::clone(self))
            .with_no_client_auth();
        config.alpn_protocols = match speaks {
            Speaks::Http2 => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            Speaks::Http1 => vec![b"http/1.1".to_vec()],
        };
        config
    }

    /// A system without any certificate is asked again the next time.
    fn verifier(&self) -> Result<Arc<Verifier>, Error> {
        let mut made = self
            .verifier
            .lock()
            .expect("nothing panics while it holds this lock");
        if let Some(verifier) = &*made {
            return Ok(Arc::clone(verifier));
        }
        let extra = self.extra.iter().cloned();
        let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&self.provider))?;
        Ok(Arc::clone(made.insert(Arc::new(verifier))))
    }
}

/// Every answer is the system's.
impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verifier()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?
            .verify_tls12_signature(message, cert, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?
            .verify_tls13_signature(message, cert, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_certificates_are_read_before_a_server_shows_one() {
        let trust = Arc::new(Trust::new(Vec::new()));
        let speaks = |speaks| trust.config(speaks).alpn_protocols;
        assert_eq!(speaks(Speaks::Http2), [&b"h2"[..], b"http/1.1"]);
        assert_eq!(speaks(Speaks::Http1), [b"http/1.1"]);
        assert!(trust.verifier.lock().unwrap().is_none());
    }
}
