//! Which of a project's audiences a shopper is in, whether a campaign uses them or not.

use shelfwise_engine::eval::{TraitSource, evaluate};
use shelfwise_pack::OpenedCore;
use shelfwise_pack::core::{CoreBuilder, Meta};
use shelfwise_pack::record::Range;

use crate::build::Checked;
use crate::cel::Predicates;

/// All audiences of a project, compiled.
#[derive(Debug)]
pub(super) struct Membership {
    /// The predicates, in a core file of their own.
    conditions: OpenedCore,
    /// Each audience and its run of `conjuncts`.
    audiences: Vec<(String, Range)>,
}

impl Membership {
    /// Compiles the audiences of a project without errors.
    ///
    /// # Errors
    /// In words, when an audience passes a limit of the format.
    pub(super) fn new(checked: &Checked) -> Result<Self, String> {
        let mut builder = CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() };
        let mut predicates = Predicates::default();
        let mut ignored = Vec::new();
        let mut audiences = Vec::new();
        for audience in &checked.project.audiences {
            if let Some(condition) = checked.plan.conditions.compile(&audience.condition, &mut ignored) {
                let run = predicates.audience(&mut builder, &condition).map_err(|problem| problem.message)?;
                audiences.push((audience.id.value.clone(), run));
            }
        }
        let opened = OpenedCore::open(builder.finish());
        let conditions = opened.map_err(|error| format!("{:?} at byte {}", error.code, error.offset))?;
        Ok(Self { conditions, audiences })
    }

    /// The audiences that hold; one that cannot be computed does not.
    pub(super) fn of<'a, S: TraitSource>(&'a self, source: &'a S) -> impl Iterator<Item = &'a str> {
        let conditions = self.conditions.view();
        self.audiences.iter().filter_map(move |(name, run)| {
            let mut parts = conditions.conjuncts.range(*run).filter_map(|at| conditions.predicates.get(at));
            let holds = parts.all(|predicate| evaluate(&conditions, &predicate, source) == Ok(true));
            holds.then_some(name.as_str())
        })
    }
}
