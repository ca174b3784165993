//! `localStorage`, under the shop's own prefix. The only file that touches it.

use std::cell::OnceCell;

use gloo_storage::{LocalStorage, Storage as _};
use shelfwise_host::surroundings::{Store, StoreError};
use wasm_bindgen::JsValue;

/// The keys of one shop in `localStorage`. Nothing is touched before the first call.
#[derive(Debug)]
pub struct LocalStore {
    prefix: String,
    storage: OnceCell<Option<web_sys::Storage>>,
}

impl LocalStore {
    /// The store of a shop: keys begin with `shelfwise:<shop>:`.
    #[must_use]
    pub fn new(shop: &str) -> Self {
        Self { prefix: ["shelfwise:", shop, ":"].concat(), storage: OnceCell::new() }
    }

    /// The storage, unless the browser has or allows none.
    ///
    /// Where storage is blocked the getter itself throws, and `gloo_storage` would let that exception
    /// pass through Rust's frames. `Reflect::get` catches it: only after it gave an object is the
    /// getter used, once.
    fn storage(&self) -> Result<&web_sys::Storage, StoreError> {
        let probe = || {
            let found = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("localStorage"));
            found.is_ok_and(|found| found.is_object()).then(LocalStorage::raw)
        };
        self.storage.get_or_init(probe).as_ref().ok_or(StoreError::Blocked)
    }

    fn name(&self, key: &str) -> String {
        [self.prefix.as_str(), key].concat()
    }
}

impl Store for LocalStore {
    fn keys(&self) -> Result<Vec<String>, StoreError> {
        let storage = self.storage()?;
        let mut keys = Vec::new();
        for index in 0..storage.length().map_err(blocked)? {
            let name = storage.key(index).map_err(blocked)?.unwrap_or_default();
            if let Some(key) = name.strip_prefix(&self.prefix) {
                keys.push(key.to_owned());
            }
        }
        Ok(keys)
    }

    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.storage()?.get_item(&self.name(key)).map_err(blocked)
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), StoreError> {
        self.storage()?.set_item(&self.name(key), text).map_err(|_| StoreError::Full)
    }

    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        self.storage()?.remove_item(&self.name(key)).map_err(blocked)
    }
}

fn blocked(_: JsValue) -> StoreError {
    StoreError::Blocked
}
