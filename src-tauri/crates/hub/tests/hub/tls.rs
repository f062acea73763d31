//! A server with TLS and a certificate authority of its own, and a proxy that leads there.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::http::Response;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

/// The only name the server has a certificate for.
pub(crate) const NAME: &str = "hub.example";

/// Answers every request with the same JSON.
pub(crate) struct TlsServer {
    pub(crate) address: SocketAddr,
    /// The certificate of the authority, as a PEM file.
    pub(crate) authority: String,
    /// What each client said it speaks, in its order.
    offered: Arc<Mutex<Vec<Vec<String>>>>,
}

impl TlsServer {
    /// It speaks HTTP/1.1, and closes after each answer.
    pub(crate) async fn start(json: &'static str) -> Self {
        Self::start_with(json, &[]).await
    }

    /// It speaks HTTP/2 with whoever does, too.
    pub(crate) async fn start_with_http2(json: &'static str) -> Self {
        Self::start_with(json, &["h2", "http/1.1"]).await
    }

    async fn start_with(json: &'static str, protocols: &[&str]) -> Self {
        let (config, authority) = certified(protocols);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let offered: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
        let record = Arc::clone(&offered);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (config, record) = (Arc::clone(&config), Arc::clone(&record));
                // A client that does not trust us leaves, which is no matter for the others.
                tokio::spawn(async move { answer(stream, config, &record, json).await });
            }
        });
        Self {
            address,
            authority,
            offered,
        }
    }

    pub(crate) fn offered(&self) -> Vec<Vec<String>> {
        self.offered.lock().unwrap().clone()
    }
}

fn certified(protocols: &[&str]) -> (Arc<ServerConfig>, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new([NAME.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let protocols = protocols.iter().map(|name| name.as_bytes().to_vec());
    config.alpn_protocols = protocols.collect();
    (Arc::new(config), authority)
}

async fn answer(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    offered: &Mutex<Vec<Vec<String>>>,
    json: &str,
) -> io::Result<()> {
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let protocols = start.client_hello().alpn().into_iter().flatten();
    let protocols = protocols.map(|name| String::from_utf8_lossy(name).into_owned());
    let protocols = protocols.collect();
    offered.lock().unwrap().push(protocols);
    let mut stream = start.into_stream(config).await?;
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        return answer_over_http2(stream, json)
            .await
            .map_err(io::Error::other);
    }
    head(&mut stream).await?;
    let length = json.len();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{json}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

async fn answer_over_http2(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    json: &str,
) -> Result<(), h2::Error> {
    let mut connection = h2::server::handshake(stream).await?;
    while let Some(asked) = connection.accept().await {
        let (_, mut answer) = asked?;
        let mut body = answer.send_response(Response::new(()), false)?;
        body.send_data(json.to_owned().into(), true)?;
    }
    Ok(())
}

/// A proxy that leads every name to one address, if it is asked as it wants.
pub(crate) struct Tunnel {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    /// Wants the header `authorization` from whoever asks, if there is one.
    pub(crate) async fn start(to: SocketAddr, authorization: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let record = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let record = Arc::clone(&record);
                tokio::spawn(async move { lead(stream, to, authorization, &record).await });
            }
        });
        Self { address, seen }
    }

    /// The heads of the requests to the proxy itself.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn lead(
    mut stream: TcpStream,
    to: SocketAddr,
    authorization: Option<&str>,
    seen: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let asked = head(&mut stream).await?;
    seen.lock().unwrap().push(asked.clone());
    let is_known = |wanted: &str| asked.to_lowercase().contains(&wanted.to_lowercase());
    if !authorization.is_none_or(is_known) {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
        return stream.write_all(refusal).await;
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    let mut there = TcpStream::connect(to).await?;
    copy_bidirectional(&mut stream, &mut there).await?;
    Ok(())
}

/// Everything up to the empty line.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
