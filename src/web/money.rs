//! How the browser writes amounts of a currency.

use js_sys::{Array, Function, Intl, Object, Reflect};
use shelfwise_host::engine::content::Money;
use wasm_bindgen::{JsCast, JsValue};

/// Asks `Intl.NumberFormat` for the parts of a large amount; nothing for a locale or currency that it
/// refuses, which it does by throwing.
pub fn money(locale: &str, currency: &str, digits: u8) -> Option<Money> {
    let get = |object: &JsValue, key: &str| Reflect::get(object, &JsValue::from_str(key)).ok();
    let class: Function = get(&get(&js_sys::global(), "Intl")?, "NumberFormat")?.dyn_into().ok()?;
    let options = Object::new();
    for (key, value) in [("style", "currency"), ("currency", currency)] {
        Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value)).ok()?;
    }
    let format = Reflect::construct(&class, &Array::of2(&JsValue::from_str(locale), &options)).ok()?;
    let parts = format.unchecked_ref::<Intl::NumberFormat>().format_to_parts(1_234_567.5);
    let mut money = Money {
        prefix: String::new(),
        suffix: String::new(),
        decimal: ".".to_owned(),
        group: String::new(),
        exponent: digits,
    };
    let mut begun = false;
    for part in parts.iter() {
        let text = get(&part, "value")?.as_string()?;
        match get(&part, "type")?.as_string()?.as_str() {
            "integer" | "fraction" => begun = true,
            "group" => money.group = text,
            "decimal" => money.decimal = text,
            _ if begun => money.suffix.push_str(&text),
            _ => money.prefix.push_str(&text),
        }
    }
    Some(money)
}
