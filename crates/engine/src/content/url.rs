//! Which links a block may carry.

/// Whether a link is of the shop's own origin (a path, query, fragment or relative reference) or https.
///
/// Refused are every other scheme, `//host` and what browsers read as that (backslashes, control characters
/// anywhere, white space around), so that what is checked here is what a URL parser sees. Source: WHATWG URL,
/// "basic URL parser", which strips tabs and line ends and takes `\` for `/`.
#[must_use]
pub fn is_safe(link: &str) -> bool {
    if link.trim() != link || link.contains(|c: char| c == '\\' || c.is_control()) {
        return false;
    }
    if let Some(scheme) = link.get(..8)
        && scheme.eq_ignore_ascii_case("https://")
    {
        return link.len() > 8;
    }
    let head = link.split(['/', '?', '#']).next().unwrap_or("");
    !link.is_empty() && !link.starts_with("//") && !head.contains(':')
}

/// Whether every link of a `srcset` is safe.
#[must_use]
pub(super) fn is_safe_set(links: &str) -> bool {
    let first_word = |entry: &str| is_safe(entry.split_ascii_whitespace().next().unwrap_or(""));
    !links.contains(|c: char| c == '\\' || c.is_control()) && links.split(',').all(first_word)
}
