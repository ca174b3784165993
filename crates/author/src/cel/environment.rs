//! What names a condition may use: the engine's traits, the shop's own, and named audiences.

use std::collections::BTreeMap;

use super::types::Type;
use crate::engine::traits::{self, TRAITS, TraitType};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Definition {
    /// A trait, with its code in the pack.
    Trait(TraitDef),
    /// A named audience: its condition, compiled in its place.
    Audience(String),
}

/// A trait as the compiler sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitDef {
    /// Code in the pack.
    pub code: u16,
    /// Key under that code for the shop's own traits (`custom.*`), else empty.
    pub key: String,
    /// Type; a keyed trait is a map from string.
    pub ty: Type,
    /// Whether it is read key by key (`affinity.category["Garden"]`) and never as a whole.
    pub keyed: bool,
    /// Least and greatest value of a number.
    pub range: Option<(f64, f64)>,
    /// The only texts it can be; empty = any.
    pub names: Vec<String>,
}

/// The names that a condition may use.
pub trait Environment {
    /// What a dotted path stands for.
    fn lookup(&self, path: &str) -> Option<Definition>;
    /// Every path there is, for "did you mean".
    fn paths(&self) -> Vec<String>;
    /// The release time, Unix seconds: zones are known for some years around it.
    fn now_s(&self) -> i64;
}

/// The traits of the engine, the shop's declared `custom.*` traits and its audiences.
#[derive(Clone, Debug, Default)]
pub struct ShopEnvironment {
    /// Declared types of `custom.*` traits, by the name after `custom.`.
    pub custom: BTreeMap<String, Type>,
    /// Conditions of named audiences, by name.
    pub audiences: BTreeMap<String, String>,
    /// The release time, Unix seconds.
    pub now_s: i64,
}

impl Environment for ShopEnvironment {
    fn lookup(&self, path: &str) -> Option<Definition> {
        if let Some(condition) = self.audiences.get(path) {
            return Some(Definition::Audience(condition.clone()));
        }
        if let Some(name) = path.strip_prefix("custom.") {
            let ty = self.custom.get(name)?.clone();
            let code = traits::code::CUSTOM;
            let key = name.to_owned();
            return Some(Definition::Trait(TraitDef {
                code,
                key,
                ty,
                keyed: false,
                range: None,
                names: vec![],
            }));
        }
        traits::find(path).filter(|found| found.kind != TraitType::AnyByKey).map(|found| {
            Definition::Trait(TraitDef {
                code: found.code,
                key: String::new(),
                ty: trait_type(found.kind),
                keyed: found.kind.keyed(),
                range: range(found),
                names: names(found),
            })
        })
    }

    fn paths(&self) -> Vec<String> {
        let known = TRAITS.iter().filter(|known| known.kind != TraitType::AnyByKey);
        let mut paths: Vec<String> = known.map(|known| known.path.to_owned()).collect();
        paths.extend(self.custom.keys().map(|name| format!("custom.{name}")));
        paths.extend(self.audiences.keys().cloned());
        paths
    }

    fn now_s(&self) -> i64 {
        self.now_s
    }
}

fn trait_type(kind: TraitType) -> Type {
    match kind {
        TraitType::Bool => Type::Bool,
        TraitType::Int => Type::Int,
        TraitType::Double => Type::Double,
        TraitType::Str => Type::Str,
        TraitType::Timestamp => Type::Timestamp,
        TraitType::StrList => Type::list(Type::Str),
        TraitType::DoubleByKey => Type::map(Type::Str, Type::Double),
        TraitType::AnyByKey => Type::map(Type::Str, Type::Dyn),
    }
}

fn is_number(found: &traits::Trait) -> bool {
    matches!(found.kind, TraitType::Int | TraitType::Double | TraitType::DoubleByKey)
}

/// `0..100`, `0..`, as written in the table of traits.
fn range(found: &traits::Trait) -> Option<(f64, f64)> {
    let (low, high) = found.range.split_once("..").filter(|_| is_number(found))?;
    let bound = |text: &str, open: f64| if text.is_empty() { Some(open) } else { text.trim().parse().ok() };
    Some((bound(low, f64::NEG_INFINITY)?, bound(high, f64::INFINITY)?))
}

fn names(found: &traits::Trait) -> Vec<String> {
    let listed = found.kind == TraitType::Str;
    found.range.split_whitespace().filter(|_| listed).map(str::to_owned).collect()
}
