//! Which URLs a block may carry: https, or inside the shop.

/// Why a URL (its literal part before the first binding) is refused; none when it is fine.
///
/// Allowed: `https://…`, `/path`, `path`, `?query`, `#part`. A URL that starts with a binding is
/// checked when it is rendered. `link` is true for what a shopper can follow: its host must be one of
/// `hosts` (or a subdomain of one).
#[must_use]
pub fn url_refusal(url: &str, link: bool, hosts: &[&str]) -> Option<String> {
    let url = url.trim_matches([' ', '\t', '\n', '\r', '\u{c}']);
    if url.chars().any(|letter| letter.is_control() || letter == '\\') {
        return Some("holds a control character or a backslash".into());
    }
    if url.starts_with("//") {
        return Some("leaves the scheme to the page; write https:// or a path".into());
    }
    let head = url.split(['/', '?', '#']).next().unwrap_or("");
    let (scheme, _) = head.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("https") {
        return Some(format!("`{scheme}:` is neither https nor inside the shop"));
    }
    let Some(rest) = url[scheme.len() + 1..].strip_prefix("//") else {
        return Some("lacks the slashes behind `https:`".into());
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("").to_ascii_lowercase();
    if host.contains('@') || host.is_empty() {
        return Some("has no plain host".into());
    }
    let host = host.split(':').next().unwrap_or("");
    let listed = |known: &&str| {
        let known = known.to_ascii_lowercase();
        host == known || host.strip_suffix(known.as_str()).is_some_and(|rest| rest.ends_with('.'))
    };
    if link && !hosts.iter().any(listed) {
        return Some(format!("leads to `{host}`, which is not under `links` in shop.yaml"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::url_refusal;

    #[test]
    fn only_https_and_the_shop_itself_are_allowed() {
        for fine in ["/p/1/", "p/1", "?q=a:b", "#top", "https://cdn.example/a.png", "/a:b", ""] {
            assert_eq!(url_refusal(fine, false, &[]), None, "{fine}");
        }
        for bad in [
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//evil.example/",
            "http://a.example/",
            "https://a@evil.example/",
            "https:///x",
            "https:evil.example",
            "\\\\evil",
            "vbscript:x",
        ] {
            assert!(url_refusal(bad, false, &[]).is_some(), "{bad}");
        }
    }

    #[test]
    fn links_lead_to_listed_hosts_only() {
        let hosts = ["example.com"];
        assert_eq!(url_refusal("https://example.com/a", true, &hosts), None);
        assert_eq!(url_refusal("https://WWW.example.com/a", true, &hosts), None);
        assert!(url_refusal("https://badexample.com/a", true, &hosts).is_some());
        assert!(url_refusal("https://example.com.evil.net/a", true, &hosts).is_some());
    }
}
