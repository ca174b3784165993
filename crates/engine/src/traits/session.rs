//! `session.*`: this visit, and where it came from.

use super::Context;
use super::cart::note;
use super::table::code;
use super::values::Traits;
use crate::eval::Value;
use crate::memory::{Event, EventKind, Memory, Visit};

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
    let visit = if memory.visit_is_over(now_s) { &none } else { known };
    traits.int(code::SESSION_PAGES, i64::from(visit.pages));
    traits.int(code::SESSION_ENGAGED, i64::from(visit.engaged_ms / 1_000));
    let (path, landing_query) = cut(&visit.landing, b'?');
    traits.text(code::SESSION_LANDING, if path.is_empty() { &context.path } else { path });

    let (mut clicks, mut previous) = (0, "");
    for event in memory.events().iter().filter(|event| visit.started_s != 0 && event.at_s >= visit.started_s)
    {
        match event.kind {
            EventKind::PageView if event.text != context.path => previous = &event.text,
            EventKind::UserEngagement => clicks += i64::from(event.quantity),
            _ => {}
        }
    }
    let looked = visit.started_s != 0 && (visit.searches > 0 || visit.items > 0);
    let looks = if looked { looks(memory.events(), visit.started_s) } else { Looks::default() };
    traits.set(code::SESSION_SEARCHES, Value::list(looks.searches));
    traits.int(code::SESSION_ITEMS_VIEWED, looks.viewed.len() as i64);
    traits.int(code::SESSION_CLICKS, clicks);
    traits.int(code::SESSION_COMPARISONS, looks.comparisons);
    traits.texts(code::SESSION_COMPARED, &looks.compared);
    traits.text(code::PAGE_PREVIOUS, previous);
    let began_s = if visit.started_s == 0 { now_s } else { visit.started_s };
    traits.int(code::SESSION_DURATION, now_s.saturating_sub(began_s).max(0));

    let (query, referrer) = if visit.landing.is_empty() {
        (context.landing_query.as_str(), &context.referrer)
    } else {
        (landing_query, &visit.referrer)
    };
    let host = host_of(referrer).to_ascii_lowercase();
    traits.text(code::SESSION_REFERRER, &host);
    let mut medium = String::new();
    for (code, name) in UTM {
        let value = decoded(parameter(query, name).unwrap_or("")).to_ascii_lowercase();
        traits.text(code, &value);
        if code == code::SESSION_UTM_MEDIUM {
            medium = value;
        }
    }
    traits.text(code::SESSION_SOURCE, source(query, &medium, &host));
}

/// What a visit searched for and looked at.
#[derive(Default)]
struct Looks<'m> {
    searches: Vec<Value<'static>>,
    viewed: Vec<&'m str>,
    /// Returns to the product before the last, and the two products of the newest one.
    comparisons: i64,
    compared: Vec<&'m str>,
}

#[inline(never)]
fn looks(events: &[Event], since_s: i64) -> Looks<'_> {
    let mut looks = Looks::default();
    let (mut last, mut before_last) = ("", "");
    for event in events.iter().filter(|event| event.at_s >= since_s) {
        match event.kind {
            EventKind::Search => looks.searches.push(Value::made(&event.text.to_ascii_lowercase())),
            EventKind::ViewItem => {
                note(&mut looks.viewed, &event.item);
                if event.item != last && !event.item.is_empty() {
                    if event.item == before_last {
                        looks.comparisons += 1;
                        looks.compared.clear();
                        note(&mut looks.compared, last);
                        note(&mut looks.compared, before_last);
                    }
                    (before_last, last) = (last, &event.item);
                }
            }
            _ => {}
        }
    }
    looks
}

/// Campaign parameters of addresses, and their traits.
const UTM: [(u16, &str); 5] = [
    (code::SESSION_UTM_SOURCE, "utm_source"),
    (code::SESSION_UTM_MEDIUM, "utm_medium"),
    (code::SESSION_UTM_CAMPAIGN, "utm_campaign"),
    (code::SESSION_UTM_TERM, "utm_term"),
    (code::SESSION_UTM_CONTENT, "utm_content"),
];

/// What comes before the first of a byte, which is ASCII, and what comes after it; the whole and nothing without it. The
/// standard library's searches cost the shopper a kilobyte and more.
#[inline(never)]
pub(super) fn cut(text: &str, mark: u8) -> (&str, &str) {
    let at = text.bytes().position(|byte| byte == mark).unwrap_or(text.len());
    (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or(""))
}

fn has(text: &str, mark: u8) -> bool {
    text.bytes().any(|byte| byte == mark)
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
        _ if ["mail", "webmail"].contains(&cut(host, b'.').0) && has(host, b'.') => "email",
        _ if site(SOCIAL_SITES) => "social",
        _ if site(SEARCH_ENGINES) => "organic",
        _ if !host.is_empty() || medium == "referral" => "referral",
        _ => "direct",
    }
}

/// Whether a host is that of a name: one of its labels but the last, or its end.
fn host_is(host: &str, name: &str) -> bool {
    let whole = has(name, b'.');
    let mut rest = host;
    while !rest.is_empty() {
        let (label, after) = cut(rest, b'.');
        if if whole { rest == name } else { label == name && !after.is_empty() } {
            return true;
        }
        rest = after;
    }
    false
}

/// Host name of an absolute address; empty for anything else.
fn host_of(address: &str) -> &str {
    let Some(rest) = cut(address, b':').1.strip_prefix("//") else { return "" };
    let authority = [b'/', b'?', b'#'].into_iter().fold(rest, |rest, mark| cut(rest, mark).0);
    let mut host = authority;
    while has(host, b'@') {
        host = cut(host, b'@').1;
    }
    cut(host, b':').0
}

/// The raw value of a query parameter.
fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let mut rest = query.strip_prefix('?').unwrap_or(query);
    while !rest.is_empty() {
        let (pair, after) = cut(rest, b'&');
        let (key, value) = cut(pair, b'=');
        if key.eq_ignore_ascii_case(name) && pair.len() > key.len() {
            return Some(value);
        }
        rest = after;
    }
    None
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
