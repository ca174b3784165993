//! `session.*`: this visit, and where it came from.

use super::Context;
use super::table::code;
use super::values::Traits;
use crate::memory::limits::VISIT_GAP_S;
use crate::memory::{EventKind, Memory, Visit};
use shelfwise_pack::sort::sort;

const SEARCH_ENGINES: &[&str] = &[
    "baidu",
    "bing",
    "brave",
    "duckduckgo",
    "ecosia",
    "google",
    "kagi",
    "qwant",
    "startpage",
    "yahoo",
    "yandex",
];
const SOCIAL_SITES: &[&str] = &[
    "bsky",
    "facebook",
    "fb",
    "instagram",
    "linkedin",
    "lnkd",
    "pinterest",
    "reddit",
    "snapchat",
    "t.co",
    "threads",
    "tiktok",
    "tumblr",
    "twitter",
    "vk",
    "whatsapp",
    "x.com",
    "youtube",
    "youtu",
];
/// Query parameters that advertising systems add to paid clicks.
const PAID_CLICK_IDS: &[&str] = &["gclid", "gbraid", "wbraid", "msclkid", "dclid", "ttclid"];
const PAID_MEDIUMS: &[&str] =
    &["cpc", "cpm", "cpv", "display", "paid", "paidsearch", "paidsocial", "ppc", "retargeting"];

pub(super) fn set(traits: &mut Traits, memory: &Memory, context: &Context, now_s: i64) {
    let none = Visit::default();
    let known = &memory.state().visit;
    let visit = if now_s.saturating_sub(known.last_s) <= VISIT_GAP_S { known } else { &none };
    traits.int(code::SESSION_PAGES, i64::from(visit.pages));
    traits.int(code::SESSION_ENGAGED, i64::from(visit.engaged_ms / 1_000));
    let (path, landing_query) = visit.landing.split_once('?').unwrap_or((&visit.landing, ""));
    traits.text(code::SESSION_LANDING, if path.is_empty() { &context.path } else { path });

    let since = memory.events().iter().filter(|event| visit.started_s > 0 && event.at_s >= visit.started_s);
    let searches: Vec<String> = since
        .clone()
        .filter(|event| event.kind == EventKind::Search)
        .map(|event| event.text.to_ascii_lowercase())
        .collect();
    traits.texts(code::SESSION_SEARCHES, searches.iter().map(String::as_str));
    let mut viewed: Vec<&str> =
        since.filter(|event| event.kind == EventKind::ViewItem).map(|event| event.item.as_str()).collect();
    sort(&mut viewed);
    viewed.dedup();
    traits.int(code::SESSION_ITEMS_VIEWED, viewed.len() as i64);

    let query = if visit.landing.is_empty() { context.landing_query.as_str() } else { landing_query };
    let referrer = if visit.landing.is_empty() { &context.referrer } else { &visit.referrer };
    let host = host_of(referrer);
    traits.text(code::SESSION_REFERRER, &host);
    let utm = |name: &str| {
        parameter(query, name).map(|value| decoded(value).to_ascii_lowercase()).unwrap_or_default()
    };
    let medium = utm("utm_medium");
    traits.text(code::SESSION_SOURCE, source(query, &medium, &host));
    traits.text(code::SESSION_UTM_SOURCE, &utm("utm_source"));
    traits.text(code::SESSION_UTM_MEDIUM, &medium);
    traits.text(code::SESSION_UTM_CAMPAIGN, &utm("utm_campaign"));
    traits.text(code::SESSION_UTM_TERM, &utm("utm_term"));
    traits.text(code::SESSION_UTM_CONTENT, &utm("utm_content"));
}

fn source(query: &str, medium: &str, host: &str) -> &'static str {
    let site = |names: &[&str]| names.iter().any(|name| host_is(host, name));
    if PAID_MEDIUMS.contains(&medium) || PAID_CLICK_IDS.iter().any(|id| parameter(query, id).is_some()) {
        return "paid";
    }
    match medium {
        "email" | "e-mail" | "newsletter" => "email",
        "social" => "social",
        "organic" => "organic",
        _ if host.starts_with("mail.") || host.starts_with("webmail.") => "email",
        _ if site(SOCIAL_SITES) => "social",
        _ if site(SEARCH_ENGINES) => "organic",
        _ if !host.is_empty() || medium == "referral" => "referral",
        _ => "direct",
    }
}

/// Whether a host is that of a name: one of its labels, or its two last ones.
fn host_is(host: &str, name: &str) -> bool {
    if name.contains('.') {
        return host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    }
    host.split('.').rev().skip(1).any(|label| label == name)
}

/// Host name of an absolute address, ASCII letters in lower case; empty for anything else.
fn host_of(address: &str) -> String {
    let Some(rest) = address.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//")) else {
        return String::new();
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    host.split(':').next().unwrap_or("").to_ascii_lowercase()
}

/// The raw value of a query parameter.
fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let pairs = query.trim_start_matches('?').split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// Percent-decodes; what is no valid escape stays, and so does the whole value when it would be no UTF-8.
fn decoded(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |offset: usize| bytes.get(at + offset).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| value.to_owned())
}
