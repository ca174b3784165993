//! `localStorage`, under the shop's own prefix. The only file of the shopper's module that touches it.

use shelfwise_host::surroundings::{Store, StoreError};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

// Every one looks `localStorage` up anew: where storage is blocked that getter itself throws, which
// `catch` turns into an error like any other.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = localStorage)]
    fn key(index: u32) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = getItem)]
    fn get_item(name: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = setItem)]
    fn set_item(name: &str, text: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = localStorage, js_name = removeItem)]
    fn remove_item(name: &str) -> Result<(), JsValue>;
}

/// The keys of one shop in `localStorage`. Nothing is touched before the first call.
#[derive(Debug)]
pub struct LocalStore {
    prefix: String,
}

impl LocalStore {
    /// The store of a shop: keys begin with `shelfwise:<shop>:`.
    #[must_use]
    pub fn new(shop: &str) -> Self {
        Self { prefix: ["shelfwise:", shop, ":"].concat() }
    }

    fn name(&self, key: &str) -> String {
        [self.prefix.as_str(), key].concat()
    }
}

impl Store for LocalStore {
    fn keys(&self) -> Result<Vec<String>, StoreError> {
        let mut keys = Vec::new();
        let mut index = 0;
        while let Some(name) = key(index).map_err(blocked)? {
            if let Some(key) = name.strip_prefix(&self.prefix) {
                keys.push(key.to_owned());
            }
            index += 1;
        }
        Ok(keys)
    }

    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        get_item(&self.name(key)).map_err(blocked)
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), StoreError> {
        set_item(&self.name(key), text).map_err(|_| StoreError::Full)
    }

    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        remove_item(&self.name(key)).map_err(blocked)
    }
}

fn blocked(_: JsValue) -> StoreError {
    StoreError::Blocked
}
