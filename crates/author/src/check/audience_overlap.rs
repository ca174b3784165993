//! # Audiences that contain or exclude one another
//!
//! One audience lies inside another without naming it, two are the same under two names, or a condition asks
//! for what nobody can be at once.
//!
//! ```yaml
//! returning: visitor.visits > 1
//! regular: visitor.visits > 5       # everyone in it is returning
//! nobody: regular && visitor.is_new && visitor.visits < 2
//! ```
//!
//! ## What to do
//!
//! Build the narrower one on the wider one (`regular: returning && visitor.visits > 5`), so that a change of
//! the one changes the other; keep one of two that are the same; correct the condition that can never hold.
//! The first is advice, the others are warnings.

use std::collections::BTreeSet;

use crate::cel::Condition;
use crate::check::code;
use crate::conditions::Conditions;
use crate::diagnostic::{Diagnostic, Spanned};
use crate::plan::Plan;
use crate::project::{Audience, Project};

/// Audiences up to which pairs are compared.
const AUDIENCES_MAX: usize = 300;

/// Looks at every condition, and at every pair of audiences.
pub fn check(project: &Project, conditions: &Conditions, plan: &Plan, diagnostics: &mut Vec<Diagnostic>) {
    // What is wrong inside an audience was reported when it was read.
    let compile = |audience: &Audience| conditions.compile(&audience.condition, &mut Vec::new());
    let compiled: Vec<_> = project
        .audiences
        .iter()
        .filter_map(|audience| Some((audience, compile(audience)?)))
        .filter(|(_, condition)| condition.constant().is_none())
        .collect();
    let audiences = compiled.iter().map(|(audience, condition)| (&audience.id, condition));
    let campaigns = project.campaigns.iter().zip(&plan.campaigns);
    let campaigns = campaigns.filter_map(|(campaign, plan)| Some((&campaign.id, plan.audience.as_ref()?)));
    for (id, condition) in audiences.chain(campaigns) {
        diagnostics.extend(impossible(id, condition));
    }
    if compiled.len() <= AUDIENCES_MAX {
        for (at, one) in compiled.iter().enumerate() {
            for other in &compiled[at + 1..] {
                diagnostics.extend(related(project, one, other));
            }
        }
    }
}

fn impossible(id: &Spanned<String>, condition: &Condition) -> Option<Diagnostic> {
    if condition.constant().is_some() || !condition.excludes(condition) {
        return None;
    }
    let message = format!("nobody can be in `{}`: its parts exclude one another", id.value);
    let diagnostic = Diagnostic::warning(code::audience_overlap, message);
    Some(diagnostic.label(id.span, "never holds").help("drop one of the parts, or write `||` between them"))
}

fn related(
    project: &Project,
    one: &(&Audience, Condition),
    other: &(&Audience, Condition),
) -> Option<Diagnostic> {
    let (one_inside, other_inside) = (one.1.implies(&other.1), other.1.implies(&one.1));
    // One that nobody is in lies inside every other, and was reported as such.
    if one.1.excludes(&one.1) || other.1.excludes(&other.1) {
        return None;
    }
    let (inner, outer) = match (one_inside, other_inside) {
        (true, true) => {
            let message = format!("`{}` and `{}` are the same audience", one.0.id.value, other.0.id.value);
            let diagnostic = Diagnostic::warning(code::audience_overlap, message)
                .label(other.0.id.span, "the second")
                .label(one.0.id.span, "the first");
            return Some(diagnostic.help("keep one of them"));
        }
        (true, false) => (one.0, other.0),
        (false, true) => (other.0, one.0),
        (false, false) => return None,
    };
    if !family(project, inner).is_disjoint(&family(project, outer)) {
        return None;
    }
    let message = format!("everyone in `{}` is in `{}`", inner.id.value, outer.id.value);
    let diagnostic = Diagnostic::advice(code::audience_overlap, message)
        .label(inner.id.span, "lies inside the other")
        .label(outer.id.span, "contains it");
    Some(diagnostic.help(format!("build it on the other: `{} && ...`", outer.id.value)))
}

/// An audience and all that it is built on: two of one family are related on purpose.
fn family<'a>(project: &'a Project, audience: &'a Audience) -> BTreeSet<&'a str> {
    let mut family = BTreeSet::from([audience.id.value.as_str()]);
    let mut open = vec![audience];
    while let Some(audience) = open.pop() {
        let condition = audience.condition.value.as_str();
        let mut words = condition.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let words: BTreeSet<&str> = words.by_ref().collect();
        for named in project.audiences.iter().filter(|named| words.contains(named.id.value.as_str())) {
            if family.insert(&named.id.value) {
                open.push(named);
            }
        }
    }
    family
}
