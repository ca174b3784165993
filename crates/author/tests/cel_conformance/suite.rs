//! One case of the suite: compiled and evaluated by us, compared with what it expects.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use serde_json::{Value as Json, json};
use shelfwise_author::cel::{
    self, Definition, Environment, Kind, Literal, Node, Predicates, Problem, ProblemKind, TraitDef, Type,
};
use shelfwise_author::engine::eval::{self, EvalError, TraitSource, Value, entries};
use shelfwise_author::pack::core::{Core, CoreBuilder, Meta};

/// A case: where it stands in the suite, and its text as `SimpleTest` JSON.
pub struct Case {
    /// `comparisons/eq_literal/eq_int`
    pub path: String,
    /// The case.
    pub json: Json,
}

/// What came of a case.
pub enum Outcome {
    /// The expected value or failure; what to ask other builds of the evaluator, unless it was refused when built.
    Passed(Option<Evaluation>),
    /// Anything else, in words.
    Failed(String),
}

/// An evaluation, for the same in wasm.
pub struct Evaluation {
    /// A core file; its first predicate is the condition.
    pub core: Vec<u8>,
    /// The variables in code order, as `Given` of the inspector's module reads them; null is absent.
    pub variables: Vec<Json>,
    /// Debug text of the evaluator's answer, which tells apart what CEL's `==` does not.
    pub answer: String,
}

/// Reads the suite through node; none when the package is not installed.
pub fn load(root: &Path) -> Option<Vec<Case>> {
    root.join("node_modules/@bufbuild/cel-spec/package.json").exists().then_some(())?;
    let script =
        "process.stdout.write(JSON.stringify(require('@bufbuild/cel-spec/testdata/conformance.js').tests))";
    let output = Command::new("node").args(["-e", script]).current_dir(root).output().expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let suite: Json = serde_json::from_slice(&output.stdout).expect("the suite is JSON");
    let mut cases = Vec::new();
    collect(&suite, "", &mut cases);
    Some(cases)
}

fn collect(suite: &Json, path: &str, cases: &mut Vec<Case>) {
    let list = |key: &str| suite[key].as_array().cloned().unwrap_or_default();
    for inner in list("suites") {
        let name = inner["name"].as_str().unwrap_or("");
        collect(&inner, &if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }, cases);
    }
    for test in list("tests") {
        let json = test["original"].clone();
        let mut name = format!("{path}/{}", json["name"].as_str().unwrap_or(""));
        while cases.iter().any(|case| case.path == name) {
            name.push('\'');
        }
        cases.push(Case { path: name, json });
    }
}

/// Variables of a case: the code of a trait is its position.
struct Variables {
    container: String,
    types: BTreeMap<String, Type>,
    values: Vec<(String, Json)>,
}

impl Environment for Variables {
    fn lookup(&self, path: &str) -> Option<Definition> {
        let qualified = format!("{}.{path}", self.container);
        let known = |name: &str| self.values.iter().position(|(known, _)| known == name);
        let (name, code) = match known(&qualified) {
            Some(code) => (qualified.as_str(), code),
            None => (path, known(path)?),
        };
        let ty = self.types.get(name).cloned().unwrap_or(Type::Dyn);
        let code = u16::try_from(code).ok()?;
        let found = TraitDef { code, key: String::new(), ty, keyed: false, range: None, names: vec![] };
        Some(Definition::Trait(found))
    }

    fn paths(&self) -> Vec<String> {
        self.values.iter().map(|(name, _)| name.clone()).collect()
    }

    /// 2009-02-13: most times of the suite are of that day.
    fn now_s(&self) -> i64 {
        1_234_567_890
    }
}

impl TraitSource for Variables {
    fn value(&self, code: u16, _key: &str) -> Option<Value<'_>> {
        value(&self.values.get(usize::from(code))?.1)
    }
}

fn declared(json: &Json) -> Type {
    let inner = |json: &Json| Box::new(declared(json));
    if let Some(list) = json.get("listType") {
        return Type::List(inner(&list["elemType"]));
    }
    if let Some(map) = json.get("mapType") {
        return Type::Map(inner(&map["keyType"]), inner(&map["valueType"]));
    }
    match json["primitive"].as_str().or(json["messageType"].as_str()) {
        Some("BOOL") => Type::Bool,
        Some("INT64") => Type::Int,
        Some("UINT64") => Type::Uint,
        Some("DOUBLE") => Type::Double,
        Some("STRING") => Type::Str,
        Some("google.protobuf.Duration") => Type::Duration,
        Some("google.protobuf.Timestamp") => Type::Timestamp,
        _ if json.get("null").is_some() => Type::Null,
        _ => Type::Dyn,
    }
}

fn double(json: &Json) -> Option<f64> {
    json.as_f64().or_else(|| json.as_str()?.parse().ok())
}

/// A `cel.expr.Value` as ours; none for bytes, types, messages.
fn value(json: &Json) -> Option<Value<'static>> {
    let (kind, inner) = json.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "nullValue" => Value::Null,
        "boolValue" => Value::Bool(inner.as_bool()?),
        "int64Value" => Value::Int(inner.as_str()?.parse().ok()?),
        "uint64Value" => Value::Uint(inner.as_str()?.parse().ok()?),
        "doubleValue" => Value::Double(double(inner)?),
        "stringValue" => Value::made(inner.as_str()?),
        "listValue" => {
            let items = inner["values"].as_array().cloned().unwrap_or_default();
            Value::list(items.iter().map(value).collect::<Option<_>>()?)
        }
        "mapValue" => {
            let entries = inner["entries"].as_array().cloned().unwrap_or_default();
            let parts = entries.iter().flat_map(|entry| [value(&entry["key"]), value(&entry["value"])]);
            Value::Map(Rc::new(parts.collect::<Option<_>>()?))
        }
        "objectValue" => {
            let text = inner["value"].as_str()?;
            let function = match inner["@type"].as_str()?.rsplit('.').next()? {
                "Duration" => "duration",
                "Timestamp" => "timestamp",
                _ => return None,
            };
            let mut none = Variables::none();
            let text = format!("{function}('{text}')");
            let core = compile(&text, &mut none, true, Constants::Folded).ok()?;
            return compute(&core, &none, |found| found.ok().map(own)).ok()?;
        }
        _ => return None,
    })
}

/// A value that borrows nothing.
fn own(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Error(error) => Value::Error(error),
        Value::Null => Value::Null,
        Value::Bool(value) => Value::Bool(value),
        Value::Int(value) => Value::Int(value),
        Value::Uint(value) => Value::Uint(value),
        Value::Double(value) => Value::Double(value),
        Value::Str(value) => Value::made(&value),
        Value::Timestamp(at) => Value::Timestamp(at),
        Value::Duration(length) => Value::Duration(length),
        Value::List(items) => Value::list(items.iter().cloned().map(own).collect()),
        Value::Map(parts) => Value::Map(Rc::new(parts.iter().cloned().map(own).collect())),
    }
}

/// CEL's equality with the type as well, and NaN equal to itself: what the suite asks of results.
fn same(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left, right) {
        (Value::Double(left), Value::Double(right)) => left == right || left.is_nan() && right.is_nan(),
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(l, r)| same(l, r))
        }
        (Value::Map(left), Value::Map(right)) => {
            let held = |(key, value): (&Value<'_>, &Value<'_>)| {
                entries(right).any(|(other, found)| same(key, other) && same(value, found))
            };
            left.len() == right.len() && entries(left).all(held)
        }
        _ => std::mem::discriminant(left) == std::mem::discriminant(right) && left.equals(right),
    }
}

/// How constants of an expression reach the evaluator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Constants {
    /// Answered when built, as in a pack.
    Folded,
    /// As instructions.
    Written,
    /// As traits.
    Bound,
}

/// Compiles into a core file whose first predicate it is; bound constants are added to the variables.
fn compile(
    expr: &str,
    variables: &mut Variables,
    checked: bool,
    constants: Constants,
) -> Result<Vec<u8>, Vec<Problem>> {
    let compile = match (constants, checked) {
        (Constants::Folded, true) => cel::compile_value,
        (Constants::Folded, false) => cel::compile_unchecked,
        _ => cel::compile_unfolded,
    };
    let mut condition = compile(expr, variables)?;
    if constants == Constants::Bound {
        bind(&mut condition.node, variables);
    }
    let meta = Meta { shard_items: 1, index_files: 1, ..Meta::default() };
    let mut builder = CoreBuilder { meta: vec![meta], ..CoreBuilder::default() };
    let predicates = &mut Predicates::default();
    predicates.filter(&mut builder, &condition).map_err(|problem| vec![problem])?;
    Ok(builder.finish())
}

/// Turns every literal into a trait of its value.
fn bind(node: &mut Node, variables: &mut Variables) {
    match &mut node.kind {
        Kind::Literal(literal) => {
            let value = match literal {
                Literal::Null => json!({ "nullValue": null }),
                Literal::Bool(value) => json!({ "boolValue": value }),
                Literal::Int(value) => json!({ "int64Value": value.to_string() }),
                Literal::Uint(value) => json!({ "uint64Value": value.to_string() }),
                Literal::Double(value) if value.is_finite() => json!({ "doubleValue": value }),
                Literal::Str(value) => json!({ "stringValue": value }),
                Literal::Double(_) | Literal::Timestamp(..) | Literal::Duration(..) => return,
            };
            let code = u16::try_from(variables.values.len()).expect("few literals");
            variables.values.push((format!("literal {code}"), value));
            node.kind = Kind::Trait { code, key: String::new() };
        }
        Kind::Name(_) | Kind::Trait { .. } | Kind::Offsets(_) => {}
        Kind::Select(operand, _)
        | Kind::Has(operand, _)
        | Kind::TraitAt { key: operand, .. }
        | Kind::Match(operand, _) => {
            bind(operand, variables);
        }
        Kind::Call { args: items, .. } | Kind::List(items) => {
            items.iter_mut().for_each(|item| bind(item, variables));
        }
        Kind::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            bind(key, variables);
            bind(value, variables);
        }),
        Kind::Loop(parts) => {
            bind(&mut parts.range, variables);
            bind(&mut parts.initial, variables);
            bind(&mut parts.step, variables);
            bind(&mut parts.result, variables);
        }
    }
}

/// Opens a core file and evaluates its first predicate.
fn compute<T>(
    core: &[u8],
    variables: &Variables,
    then: impl FnOnce(Result<Value<'_>, EvalError>) -> T,
) -> Result<T, String> {
    let core = Core::open(core).map_err(|error| format!("core refused: {error:?}"))?;
    let predicate = core.predicates.get(0).ok_or("no predicate")?;
    Ok(then(eval::compute(&core, &predicate, variables)))
}

/// A value as the inspector's module reads it. 64 bits are decimal text: they do not fit JavaScript's numbers.
fn bound(value: &Value<'_>) -> Json {
    match value {
        Value::Error(error) => panic!("no variable is bound to {error:?}"),
        Value::Null => json!("null"),
        Value::Bool(value) => json!({ "bool": value }),
        Value::Int(value) => json!({ "int": value.to_string() }),
        Value::Uint(value) => json!({ "uint": value.to_string() }),
        Value::Double(value) => json!({ "double": value.to_bits().to_string() }),
        Value::Str(text) => json!({ "str": **text }),
        Value::Timestamp(at) => json!({ "timestamp": [at.s.to_string(), at.ns] }),
        Value::Duration(length) => json!({ "duration": [length.s.to_string(), length.ns] }),
        Value::List(items) => json!({ "list": items.iter().map(bound).collect::<Vec<_>>() }),
        Value::Map(map) => {
            json!({ "map": entries(map).map(|(key, it)| [bound(key), bound(it)]).collect::<Vec<_>>() })
        }
    }
}

impl Variables {
    fn none() -> Self {
        Self { container: String::new(), types: BTreeMap::new(), values: Vec::new() }
    }
}

impl Case {
    /// The expression.
    pub fn expr(&self) -> &str {
        self.json["expr"].as_str().unwrap_or("")
    }

    fn variables(&self) -> Variables {
        let types = self.json["typeEnv"].as_array().cloned().unwrap_or_default();
        let typed =
            |entry: &Json| Some((entry["name"].as_str()?.to_owned(), declared(&entry["ident"]["type"])));
        let bindings = self.json["bindings"].as_object().cloned().unwrap_or_default();
        Variables {
            container: self.json["container"].as_str().unwrap_or("").to_owned(),
            types: types.iter().filter_map(typed).collect(),
            values: bindings.into_iter().map(|(name, bound)| (name, bound["value"].clone())).collect(),
        }
    }

    /// Compiles, evaluates, compares: with its constants folded, as instructions, and as traits.
    pub fn run(&self) -> Outcome {
        if self.json.get("typedResult").is_some() || self.json["checkOnly"].as_bool() == Some(true) {
            return Outcome::Failed("asks for a type".into());
        }
        let folded = self.run_with(Constants::Folded);
        let Outcome::Passed(Some(_)) = folded else { return folded };
        match self.run_with(Constants::Written) {
            Outcome::Failed(said) => Outcome::Failed(said),
            Outcome::Passed(_) => self.run_with(Constants::Bound),
        }
    }

    fn run_with(&self, constants: Constants) -> Outcome {
        let checked = self.json["disableCheck"].as_bool() != Some(true);
        let mut variables = self.variables();
        let fails = self.json.get("evalError").is_some();
        let expected = match self.json.get("value") {
            Some(json) => value(json),
            None => Some(Value::Bool(true)),
        };
        let core = match compile(self.expr(), &mut variables, checked, constants) {
            Ok(core) => core,
            Err(problems) => {
                let refused = problems.iter().all(|problem| problem.kind == ProblemKind::Type);
                let said = problems.iter().map(|problem| format!("{:?}: {}", problem.kind, problem.message));
                let said = said.collect::<Vec<_>>().join("; ");
                return if fails && checked && refused {
                    Outcome::Passed(None)
                } else {
                    Outcome::Failed(said)
                };
            }
        };
        let judged = compute(&core, &variables, |answer| {
            let passed = match &answer {
                Ok(found) => !fails && expected.as_ref().is_some_and(|expected| same(expected, found)),
                Err(_) => fails,
            };
            (passed, format!("{answer:?}"))
        });
        match judged {
            Ok((true, answer)) => {
                let values = variables.values.iter().map(|(_, json)| value(json));
                let variables = values.map(|value| value.as_ref().map_or(Json::Null, bound)).collect();
                Outcome::Passed(Some(Evaluation { core, variables, answer }))
            }
            Ok((false, answer)) => Outcome::Failed(format!("{constants:?}: {answer}")),
            Err(error) => Outcome::Failed(format!("{constants:?}: {error}")),
        }
    }
}
