//! Static files over HTTP: types, cache headers, Brotli, a policy header, a 404 page.

mod files;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use files::{Found, find};

/// A folder as a web site.
#[derive(Clone, Debug)]
pub struct Site {
    root: PathBuf,
    csp: Option<HeaderValue>,
    compressed: Arc<files::Compressed>,
}

impl Site {
    /// The site of a folder; `csp` is sent with every page.
    ///
    /// # Errors
    /// In words, when `csp` is no header value.
    pub fn new(root: &Path, csp: Option<&str>) -> Result<Self, String> {
        let csp = csp.map(HeaderValue::from_str).transpose().map_err(|_| "--csp is no header value")?;
        Ok(Self { root: root.to_owned(), csp, compressed: Arc::default() })
    }
}

/// Answers every path from the site's folder.
pub fn router(site: Site) -> Router {
    Router::new().fallback(answer).with_state(site)
}

async fn answer(State(site): State<Site>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let mut response = match find(&site.root, request.uri().path()).await {
        Found::File(path) => file(&site, &path, StatusCode::OK, request.headers()).await,
        Found::Folder => redirect(request.uri().path(), request.uri().query()),
        Found::Nothing => {
            let page = site.root.join("404.html");
            if page.is_file() {
                file(&site, &page, StatusCode::NOT_FOUND, request.headers()).await
            } else {
                plain(StatusCode::NOT_FOUND, "not found")
            }
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    if let Some(csp) = &site.csp {
        headers.insert(header::CONTENT_SECURITY_POLICY, csp.clone());
    }
    if request.method() == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// A folder without its slash: to the address with it, so that relative links hold.
fn redirect(path: &str, query: Option<&str>) -> Response {
    // `//host/` would leave the site.
    let path = format!("/{}/", path.trim_matches('/'));
    let target = query.map_or(path.clone(), |query| format!("{path}?{query}"));
    let mut response = plain(StatusCode::PERMANENT_REDIRECT, "moved");
    if let Ok(target) = HeaderValue::from_str(&target) {
        response.headers_mut().insert(header::LOCATION, target);
    }
    response
}

async fn file(site: &Site, path: &Path, status: StatusCode, request: &HeaderMap) -> Response {
    let Ok(bytes) = tokio::fs::read(path).await else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "cannot be read");
    };
    let tag = files::tag(&bytes);
    let known = request.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(files::content_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(files::cache_control(path)));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    if known == Some(tag.as_str()) && status == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let brotli = accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("br") && !parts.any(|weight| ["q=0", "q=0.0", "q=0.00"].contains(&weight))
    });
    let body = match brotli.then(|| site.compressed.of(path, &tag, &bytes)).flatten() {
        Some(compressed) => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            compressed
        }
        None => bytes,
    };
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from(body);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    fn get(path: &str, head: &str) -> (String, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("site/index.html", &"<p>home</p>".repeat(400));
        write("site/cart/index.html", "<p>cart</p>");
        write("site/404.html", "<p>lost</p>");
        write("site/pack/core-0123456789abcdef0123456789abcdef.bin", "core");
        write("site/pack/latest.json", "{}");
        write("secret.txt", "secret");
        let site = Site::new(&folder.path().join("site"), Some("default-src 'self'")).unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router(site)).await.unwrap();
            });
        });
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{head}\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
        (String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer[end + 4..].to_vec())
    }

    #[test]
    fn pages_have_their_type_policy_and_revalidate() {
        let (head, body) = get("/", "");
        assert!(head.starts_with("http/1.1 200") && head.contains("text/html; charset=utf-8"), "{head}");
        assert!(head.contains("content-security-policy: default-src 'self'") && head.contains("no-cache"));
        assert_eq!(body.len(), 4_400);
        assert_eq!(get("/cart/", "").1, b"<p>cart</p>");
        let (head, _) = get("/cart?a=b", "");
        assert!(head.starts_with("http/1.1 308") && head.contains("location: /cart/?a=b"), "{head}");
    }

    #[test]
    fn hashed_names_are_immutable_and_latest_is_not() {
        let (head, _) = get("/pack/core-0123456789abcdef0123456789abcdef.bin", "");
        assert!(head.contains("immutable") && head.contains("application/octet-stream"), "{head}");
        let (head, _) = get("/pack/latest.json", "");
        assert!(head.contains("no-cache") && head.contains("application/json"), "{head}");
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        let (head, body) = get("/", "Accept-Encoding: gzip, br\r\n");
        assert!(head.contains("content-encoding: br"), "{head}");
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut body.as_slice(), &mut text).unwrap();
        assert_eq!(text.len(), 4_400);
        let (head, _) = get("/", "Accept-Encoding: br;q=0\r\n");
        assert!(!head.contains("content-encoding"), "{head}");
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        for path in [
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/cart/../../secret.txt",
            "/nothing",
            "/%00",
        ] {
            let (head, body) = get(path, "");
            assert!(head.starts_with("http/1.1 404"), "{path}: {head}");
            assert_eq!(body, b"<p>lost</p>");
        }
    }
}
