//! `shelfwise serve`.

use std::net::SocketAddr;

use crate::arguments::Serve;
use crate::failure::Failure;
use crate::output::say;
use crate::server::{Site, router};

/// What `--csp strict` sends: nothing from elsewhere, no inline code but the boot snippet's hash that a
/// page declares itself, and WebAssembly.
const STRICT: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// Serves a folder until the process is stopped.
///
/// # Errors
/// The folder is not there, or the port is taken.
pub fn run(serve: &Serve) -> Result<(), Failure> {
    if !serve.folder.is_dir() {
        return Err(Failure::Usage(format!("{} is no folder", serve.folder.display())));
    }
    let csp = serve.csp.as_deref().map(|csp| if csp == "strict" { STRICT } else { csp });
    let site = Site::new(&serve.folder, csp).map_err(Failure::Usage)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Machine(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        let address = SocketAddr::new(serve.address, serve.port);
        let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| {
            Failure::Machine(format!("cannot listen on {address}: {error}; choose another with --port"))
        })?;
        let bound = listener.local_addr().unwrap_or(address);
        say(format!("serving {} on http://{bound}/", serve.folder.display()))?;
        let stopped = async {
            // Without a signal handler the server runs until it is killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let served = axum::serve(listener, router(site)).with_graceful_shutdown(stopped).await;
        served.map_err(|error| Failure::Machine(format!("the server stopped: {error}")))
    })
}
