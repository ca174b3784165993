//! Cuts a module in three files that share one memory: what a first page view runs, products, and the rest.
//!
//! Functions that are deferred by name go to a later file, and with them all that only they call. An earlier file calls
//! them through a table that the later fills when it is instantiated; a call before that traps. The later calls back
//! through exports of the earlier. See `docs/adr/0011-the-module-comes-in-three-files.md`.

use std::collections::BTreeSet;
use std::error::Error;

use walrus::ir::Value;
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, FunctionKind, GlobalKind, ImportedFunction,
    Module, RefType, passes,
};

use crate::glue::{rewrite, short};
use crate::share::without_hashes;

/// What of the module comes in a later file.
struct Later {
    /// Paths of modules, types and functions, without the `shelfwise_` of crates. What only these call goes with them.
    paths: &'static [&'static str],
    /// Exports of the module.
    exports: &'static [&'static str],
}

/// What a page view runs only once there is a product to look up, to recommend or to remember for this page.
const PRODUCTS: Later = Later {
    paths: &[
        "engine::card::CardView",
        "engine::content::money::Money::format",
        "engine::content::resolve::Scene::item_text",
        "engine::decide::occasion::Occasion::look_up",
        "engine::eval::evaluate",
        "engine::memory::state::State::change",
        "engine::recommend::situation::Situation::recall",
        "engine::shelf::Shelf::card",
        "engine::shelf::Shelf::dense",
        "engine::shelf::Shelf::want_card",
        "engine::shelf::Shelf::want_for_item",
        "engine::shelf::Shelf::want_near",
        "host::driver::deciding::fill_row",
        "host::driver::deciding::product",
        "host::driver::deciding::write_ranking",
        "host::driver::rows",
        "host::driver::shelf::paths",
        // What the visit tells of a shopper.
        "engine::traits::affinity::interests",
        "engine::traits::cart::kept",
        "engine::traits::cart::set_page_item",
        "engine::traits::session::looks",
    ],
    exports: &["load", "recommend", "shift_clock", "track"],
};

/// What it runs only once there is something to remember beyond this page, or a rarer question to answer.
const REST: Later = Later {
    paths: &[
        // The journal.
        "engine::memory::Memory::forget",
        "engine::memory::Memory::settle",
        "host::base64",
        "host::driver::Driver::erase",
        "host::journal::Journal::adopt",
        "host::journal::Journal::append",
        "host::journal::Journal::store",
        "host::journal::view",
        "web::storage",
        // What the past tells of a shopper.
        "engine::traits::history::Asked",
        "engine::traits::history::History::answer",
        "engine::traits::predict",
        "engine::traits::visitor::set_of_customer",
        // Rarer conditions, experiments, previews.
        "engine::bucket",
        "engine::decide::pass::assign",
        "engine::decide::state::State::force",
        "engine::eval::decimal",
        "engine::eval::machine::Machine::advance",
        "engine::eval::machine::Machine::iterate",
        "engine::eval::machine::Machine::operate_rarely",
    ],
    exports: &["export", "force", "forget", "forget_event", "pass", "prepare", "profile", "tick"],
};

impl Later {
    /// Its entry that a function of this name belongs to.
    fn entry(&self, name: &str) -> Option<&'static str> {
        if let Some(export) = name.strip_prefix("module_") {
            let export = export.split(' ').next().unwrap_or_default();
            return self.exports.iter().copied().find(|later| *later == export);
        }
        let path = path(&without_hashes(name));
        let is_of = |later: &&str| {
            path.strip_prefix(later).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        self.paths.iter().copied().find(is_of)
    }

    fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// An entry that none of these functions belongs to.
    fn lost<'n>(&self, names: impl Iterator<Item = &'n str>) -> Option<&'static str> {
        let entries: BTreeSet<&str> = names.filter_map(|name| self.entry(name)).collect();
        self.paths.iter().chain(self.exports).copied().find(|entry| !entries.contains(entry))
    }
}

/// The path of a function of the project without crates' `shelfwise_` and without parameters of types: `<shelfwise_a::B<C> as
/// D>::f` is `a::B::f`; of an instance of generic code of others, the last path that it was made for.
fn path(name: &str) -> String {
    let (mut path, mut depth) = (String::new(), 0);
    let name = name.trim_start_matches(['<', '&', '[']).trim_start_matches("mut ");
    let Some(own) = name.strip_prefix("shelfwise_").or_else(|| name.strip_prefix("shelfwise::")) else {
        let last = name.rfind("shelfwise_").map_or("", |at| &name[at + "shelfwise_".len()..]);
        let end = last.find(|next: char| !(next.is_alphanumeric() || next == '_' || next == ':'));
        return last[..end.unwrap_or(last.len())].trim_end_matches(':').to_owned();
    };
    let mut skipped = false;
    for (at, letter) in own.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' if depth > 0 => depth -= 1,
            // The end of the type, after a trait or not.
            '>' => skipped = false,
            ' ' if depth == 0 && own[at..].starts_with(" as ") => skipped = true,
            _ if depth == 0 && !skipped => path.push(letter),
            _ => {}
        }
    }
    path.replace("::::", "::").trim_end_matches(':').to_owned()
}

/// Cuts the shopper's module, which has the names of its functions: what a first page view runs, products, the rest.
///
/// # Errors
/// When the module cannot be read, has a start function or passive segments, or no function for an entry of
/// the lists.
pub fn split(module: &[u8]) -> Result<[Vec<u8>; 3], Box<dyn Error>> {
    let whole = Module::from_buffer(module)?;
    for later in [&PRODUCTS, &REST] {
        if let Some(lost) = later.lost(whole.funcs.iter().filter_map(|function| function.name.as_deref())) {
            let advice = "take it off the list in xtask/src/split.rs, or keep it from being inlined";
            return Err(format!("no function of `{lost}` is left in the module: {advice}").into());
        }
    }
    let [first, later] = cut(module, "f", |name| PRODUCTS.has(name) || REST.has(name))?;
    let [products, rest] = cut(&later, "p", |name| REST.has(name))?;
    Ok([first, products, rest])
}

/// Cuts a module at the functions whose names `deferred` says are of the rest, which is given the exports of the first half as
/// imports of this name. What the module imports both halves may import.
fn cut(
    module: &[u8],
    first_name: &'static str,
    deferred: impl Fn(&str) -> bool,
) -> Result<[Vec<u8>; 2], Box<dyn Error>> {
    // Functions are told apart by their place, the same in both.
    let (first, mut rest) = (Module::from_buffer(module)?, Module::from_buffer(module)?);
    let (firsts, rests) = (functions(&first), functions(&rest));
    if first.start.is_some()
        || first.elements.iter().any(|segment| !matches!(segment.kind, ElementKind::Active { .. }))
        || first.data.iter().any(|data| data.is_passive())
    {
        return Err("the module has a start function or a passive segment, which cannot be cut".into());
    }
    let mut first = First { module: first, name: first_name, exports: 0 };
    // Before anything is taken out of either.
    first.share(&mut rest);

    let is_deferred = |at: &usize| first.module.funcs.get(firsts[*at]).name.as_deref().is_some_and(&deferred);
    let named: BTreeSet<usize> = (0..firsts.len()).filter(is_deferred).collect();
    let is_named = |id: FunctionId| named.iter().any(|at| firsts[*at] == id);
    remove_exports(&mut first.module, |item| matches!(item, ExportItem::Function(id) if is_named(id)));
    // Without a body they call nothing: what is left then is the first half, and those of them that it calls are gates.
    for at in &named {
        rewrite(&mut first.module, firsts[*at], |body, _| {
            body.unreachable();
        });
    }
    passes::gc::run(&mut first.module);
    let kept: BTreeSet<FunctionId> = functions(&first.module).into_iter().collect();
    let (gates, own): (Vec<usize>, Vec<usize>) =
        (0..firsts.len()).filter(|at| kept.contains(&firsts[*at])).partition(|at| named.contains(at));

    let count = gates.len() as u64;
    let table = first.module.tables.add_local(false, count, Some(count), RefType::FUNCREF);
    for (slot, at) in gates.iter().enumerate() {
        let of = first.module.funcs.get(firsts[*at]).ty();
        rewrite(&mut first.module, firsts[*at], |body, arguments| {
            for argument in arguments {
                body.local_get(*argument);
            }
            body.i32_const(slot as i32).call_indirect(of, table);
        });
    }

    let own_rests: BTreeSet<FunctionId> = own.iter().map(|at| rests[*at]).collect();
    remove_exports(&mut rest, |item| !matches!(item, ExportItem::Function(id) if !own_rests.contains(&id)));
    let name = first.export(ExportItem::Table(table));
    let (filled, _) = rest.add_import_table(first_name, &name, false, count, Some(count), RefType::FUNCREF);
    let offset = ConstExpr::Value(Value::I32(0));
    let functions = ElementItems::Functions(gates.iter().map(|at| rests[*at]).collect());
    let segment = rest.elements.add(ElementKind::Active { table: filled, offset }, functions);
    rest.tables.get_mut(filled).elem_segments.insert(segment);
    for at in own {
        import(&mut rest, rests[at], first_name, &at.to_string());
    }
    passes::gc::run(&mut rest);
    // What the rest really calls is exported to it, by a short name.
    for import in rest.imports.iter_mut().filter(|import| import.module == first_name) {
        if let Ok(at) = import.name.parse::<usize>() {
            import.name = first.export(ExportItem::Function(firsts[at]));
        }
    }
    passes::gc::run(&mut first.module);
    Ok([first.module.emit_wasm(), rest.emit_wasm()])
}

fn functions(module: &Module) -> Vec<FunctionId> {
    module.funcs.iter().map(|function| function.id()).collect()
}

fn remove_exports(module: &mut Module, which: impl Fn(ExportItem) -> bool) {
    let exports: Vec<_> =
        module.exports.iter().filter(|export| which(export.item)).map(|export| export.id()).collect();
    exports.into_iter().for_each(|export| module.exports.delete(export));
}

/// Makes a function of the rest one of the first half's, unless it is imported already.
fn import(rest: &mut Module, function: FunctionId, from: &str, name: &str) {
    let ty = rest.funcs.get(function).ty();
    if let FunctionKind::Local(_) = rest.funcs.get(function).kind {
        let import = rest.imports.add(from, name, function);
        rest.funcs.get_mut(function).kind = FunctionKind::Import(ImportedFunction { import, ty });
    }
}

/// The first half, its name, and how many names it has given to what it exports to the rest.
struct First {
    module: Module,
    name: &'static str,
    exports: usize,
}

impl First {
    /// Exports something to the rest; its name.
    fn export(&mut self, item: ExportItem) -> String {
        let name = short(self.exports);
        self.exports += 1;
        self.module.exports.add(&name, item);
        name
    }

    /// Gives the rest, which is the same module still, memory, tables and globals of this one; what they hold at the start
    /// is written here alone. What neither owns both import already.
    fn share(&mut self, rest: &mut Module) {
        let memories = self.module.memories.iter().zip(rest.memories.iter());
        for (there, here) in memories.map(|(there, here)| (there.id(), here.id())).collect::<Vec<_>>() {
            let memory = rest.memories.get_mut(here);
            memory.data_segments.clear();
            if memory.import.is_none() {
                let import = rest.imports.add(self.name, &self.export(ExportItem::Memory(there)), here);
                (memory.import, memory.initial) = (Some(import), 0);
            }
        }
        let data: Vec<_> = rest.data.iter().map(|data| data.id()).collect();
        data.into_iter().for_each(|data| rest.data.delete(data));

        let tables = self.module.tables.iter().zip(rest.tables.iter());
        for (there, here) in tables.map(|(there, here)| (there.id(), here.id())).collect::<Vec<_>>() {
            let table = rest.tables.get_mut(here);
            table.elem_segments.clear();
            if table.import.is_none() {
                let import = rest.imports.add(self.name, &self.export(ExportItem::Table(there)), here);
                table.import = Some(import);
            }
        }
        let segments: Vec<_> = rest.elements.iter().map(|segment| segment.id()).collect();
        segments.into_iter().for_each(|segment| rest.elements.delete(segment));

        let globals = self.module.globals.iter().zip(rest.globals.iter());
        for (there, here) in globals.map(|(there, here)| (there.id(), here.id())).collect::<Vec<_>>() {
            if let GlobalKind::Local(_) = rest.globals.get(here).kind {
                let import = rest.imports.add(self.name, &self.export(ExportItem::Global(there)), here);
                rest.globals.get_mut(here).kind = GlobalKind::Import(import);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use walrus::ValType::I32;
    use walrus::ir::{BinaryOp, Value};
    use walrus::{ConstExpr, ExportItem, FunctionBuilder, FunctionId, GlobalKind, Module};

    use super::{REST, cut, path};

    /// A module with nothing but a memory.
    fn with_memory() -> Module {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        module.exports.add("memory", memory);
        module
    }

    /// A function of a number that adds it to what others make of it.
    fn sum(module: &mut Module, name: &str, others: &[FunctionId]) -> FunctionId {
        let number = module.locals.add(I32);
        let mut function = FunctionBuilder::new(&mut module.types, &[I32], &[I32]);
        function.name(name.to_owned());
        let mut body = function.func_body();
        body.local_get(number);
        for other in others {
            body.local_get(number).call(*other).binop(BinaryOp::I32Add);
        }
        function.finish(vec![number], &mut module.funcs)
    }

    /// Names of functions and of exports, sorted.
    fn names(module: &Module) -> [Vec<&str>; 2] {
        let functions = module.funcs.iter().filter_map(|function| function.name.as_deref());
        let exports = module.exports.iter().map(|export| export.name.as_str());
        let mut names = [functions.collect::<Vec<_>>(), exports.collect()];
        names.iter_mut().for_each(|names| names.sort_unstable());
        names
    }

    #[test]
    fn what_only_the_rest_calls_goes_with_it() {
        let mut whole = with_memory();
        let shared = sum(&mut whole, "shared", &[]);
        let own = sum(&mut whole, "own", &[shared]);
        let late = sum(&mut whole, "late", &[own]);
        let early = sum(&mut whole, "early", &[late, shared]);
        let asked = sum(&mut whole, "asked", &[own]);
        whole.exports.add("early", early);
        whole.exports.add("asked", asked);
        let halves = cut(&whole.emit_wasm(), "f", |name| ["late", "asked"].contains(&name)).expect("cut");
        let [first, rest] = halves.each_ref().map(|half| Module::from_buffer(half).expect("valid"));

        let [functions, shown] = names(&first);
        assert_eq!(functions, ["early", "late", "shared"], "a gate is in the place of `late`");
        assert!(shown.contains(&"early") && !shown.contains(&"asked"), "{shown:?}");
        let [functions, exports] = names(&rest);
        assert_eq!(functions, ["asked", "late", "own", "shared"], "the last is imported");
        assert_eq!(exports, ["asked"]);
        assert_eq!(rest.imports.iter().count(), 2, "gates, `shared`; no code touches the memory");
        assert!(rest.imports.iter().all(|import| shown.contains(&import.name.as_str())));
        assert_eq!(rest.elements.iter().count(), 1, "it fills the gate");
    }

    #[test]
    fn a_second_cut_leaves_what_the_first_shares() {
        let mut whole = with_memory();
        let shared = sum(&mut whole, "shared", &[]);
        let third = sum(&mut whole, "third", &[shared]);
        let second = sum(&mut whole, "second", &[third, shared]);
        let early = sum(&mut whole, "early", &[second, third, shared]);
        whole.exports.add("early", early);
        let [first, later] =
            cut(&whole.emit_wasm(), "f", |name| ["second", "third"].contains(&name)).expect("cut");
        let halves = cut(&later, "p", |name| name == "third").expect("cut again");
        let files = [first, halves[0].clone(), halves[1].clone()];
        let [first, products, rest] = files.each_ref().map(|file| Module::from_buffer(file).expect("valid"));

        assert_eq!(names(&first)[0], ["early", "second", "shared", "third"], "with two gates");
        assert_eq!(names(&products)[0], ["second", "shared", "third"], "with a gate, and one imported");
        assert_eq!(names(&rest)[0], ["shared", "third"], "one is imported");
        let from = |module: &Module, name: &str| {
            module.imports.iter().filter(|import| import.module == name).count()
        };
        assert_eq!([from(&products, "f"), from(&rest, "f"), from(&rest, "p")], [2, 1, 1]);
        assert_eq!([products.elements.iter().count(), rest.elements.iter().count()], [1, 1]);
    }

    #[test]
    fn both_mean_the_same_global_where_one_needs_only_the_second() {
        let mut whole = with_memory();
        let mut reads = |name: &str, value: i32| {
            let value = ConstExpr::Value(Value::I32(value));
            let global = whole.globals.add_local(I32, true, false, value);
            let mut function = FunctionBuilder::new(&mut whole.types, &[], &[I32]);
            function.name(name.to_owned()).func_body().global_get(global);
            let function = function.finish(Vec::new(), &mut whole.funcs);
            whole.exports.add(name, function);
        };
        reads("late", 111);
        reads("early", 222);
        let halves = cut(&whole.emit_wasm(), "f", |name| name == "late").expect("cut");
        let [first, rest] = halves.each_ref().map(|half| Module::from_buffer(half).expect("valid"));
        let asked = rest.imports.iter().find(|import| matches!(import.kind, walrus::ImportKind::Global(_)));
        let name = &asked.expect("the global of `late`").name;
        let given = first.exports.iter().find(|export| export.name == *name).expect("exported").item;
        let ExportItem::Global(global) = given else { panic!("{given:?}") };
        let GlobalKind::Local(ConstExpr::Value(value)) = &first.globals.get(global).kind else { panic!() };
        assert!(matches!(value, Value::I32(111)), "{value:?}");
    }

    #[test]
    fn what_cannot_be_cut_is_said() {
        let mut whole = with_memory();
        whole.data.add(walrus::DataKind::Passive, vec![1]);
        assert!(cut(&whole.emit_wasm(), "f", |_| false).is_err());
    }

    #[test]
    fn a_function_has_the_path_of_its_source() {
        for (name, expected) in [
            ("shelfwise_engine::eval::convert::call", "engine::eval::convert::call"),
            (
                "<shelfwise_engine::memory::state::State as core::clone::Clone>::clone",
                "engine::memory::state::State::clone",
            ),
            (
                "<shelfwise_host::driver::Driver<shelfwise::web::A, shelfwise::web::B>>::erase",
                "host::driver::Driver::erase",
            ),
            ("shelfwise_engine::eval::evaluate::<shelfwise_engine::card::OnPage>", "engine::eval::evaluate"),
            (
                "<core::iter::Map<A, <shelfwise_engine::traits::history::Asked>::pieces::{closure#0}>>::next",
                "engine::traits::history::Asked",
            ),
            ("<[u8] as core::cmp::PartialEq>::eq", ""),
        ] {
            assert_eq!(path(name), expected, "{name}");
        }
    }

    #[test]
    fn a_path_ends_at_a_whole_name() {
        let bucket = "shelfwise_engine[0123456789abcdef]::bucket";
        assert_eq!(REST.entry(&format!("{bucket}::<X>")), Some("engine::bucket"));
        assert_eq!(REST.entry(&format!("{bucket}_all")), None);
        assert_eq!(REST.entry("module_forget"), Some("forget"));
        assert_eq!(REST.entry("module_decide"), None);
    }
}
