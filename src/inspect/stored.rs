//! What a shop's keys take in the browser's store, for the inspector.

use gloo_storage::{LocalStorage, Storage};
use serde::Serialize;
use shelfwise_host::journal::USED_MAX;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::to_js;
use crate::Module;

#[derive(Serialize)]
struct KeyView {
    name: String,
    bytes: usize,
}

#[derive(Serialize)]
struct StoredView {
    bytes: usize,
    bytes_max: usize,
    keys: Vec<KeyView>,
}

#[wasm_bindgen]
impl Module {
    /// The keys of a shop and what they and their texts take, in UTF-8 bytes:
    /// `{bytes, bytes_max, keys: [{name, bytes}]}`, sorted by name; null where storage is blocked. Reads the store,
    /// so only where consent allows it.
    pub fn stored(&self, shop: &str) -> JsValue {
        // Where storage is blocked its getter throws, which gloo's own access would not survive.
        let is_open = web_sys::window().is_some_and(|page| matches!(page.local_storage(), Ok(Some(_))));
        if !is_open {
            return JsValue::NULL;
        }
        let store = LocalStorage::raw();
        let prefix = format!("shelfwise:{shop}:");
        let names = (0..store.length().unwrap_or(0)).filter_map(|at| store.key(at).ok().flatten());
        let mut keys: Vec<KeyView> = names
            .filter_map(|full| {
                let name = full.strip_prefix(&prefix)?.to_owned();
                let text = store.get_item(&full).ok().flatten()?;
                Some(KeyView { name, bytes: full.len() + text.len() })
            })
            .collect();
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        let bytes = keys.iter().map(|key| key.bytes).sum();
        to_js(&StoredView { bytes, bytes_max: USED_MAX, keys })
    }
}
