//! How the browser writes amounts of a currency.

use shelfwise_host::driver::MONEY_SAMPLE;
use shelfwise_host::json::Json;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;

    type NumberFormat;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str, options: JsValue) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &NumberFormat, amount: f64) -> String;
}

/// [`MONEY_SAMPLE`] as `Intl.NumberFormat` writes it in Latin digits; nothing for a locale or currency
/// that it refuses, which it does by throwing.
pub fn money_sample(locale: &str, currency: &str) -> Option<String> {
    let mut options = Json::default();
    options.object(|options| {
        for (key, value) in [("style", "currency"), ("currency", currency), ("numberingSystem", "latn")] {
            options.key(key).string(value);
        }
    });
    Some(NumberFormat::new(locale, parse(&options.finish())).ok()?.format(MONEY_SAMPLE))
}
