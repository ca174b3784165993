//! What the shop's catalogue says about its products, as far as learning needs it.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use crate::error::Error;
use crate::log::{parse_minor, read_text};

/// A catalogue: CSV, plain or gzip.
#[derive(Clone, Debug)]
pub struct CatalogueFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What its columns are called, by field (`id`, `category`, `price`); a field that is not named is called as it is.
    pub columns: BTreeMap<String, String>,
}

impl CatalogueFile {
    /// A file whose columns are called as the fields are.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), columns: BTreeMap::new() }
    }
}

/// A product of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Good {
    /// Category, or empty.
    pub category: String,
    /// Price, minor units; 0 = unknown.
    pub price_minor: i64,
}

/// A catalogue by product id. Memory: some 150 bytes a product.
#[derive(Clone, Debug, Default)]
pub struct Goods {
    goods: BTreeMap<String, Good>,
    /// By id in capitals; nothing where two ids differ only in case.
    folded: HashMap<String, Option<String>>,
}

impl Goods {
    /// Reads `id` of a catalogue, and where there are any `category` and `price`.
    ///
    /// # Errors
    /// The file cannot be read, has no column of ids or none of a name that `columns` gives, or a row is no CSV.
    pub fn read(file: &CatalogueFile) -> Result<Self, Error> {
        let CatalogueFile { path, columns } = file;
        let text = read_text(path)?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let wrong = |line: u64, message: String| Error::Rule { path: path.to_owned(), line, message };
        let header = reader.headers().map_err(|error| wrong(1, error.to_string()))?.clone();
        let column = |field: &'static str| {
            let name = columns.get(field).map_or(field, String::as_str);
            let found = header.iter().position(|column| column.trim() == name);
            if found.is_none() && (field == "id" || columns.contains_key(field)) {
                return Err(Error::MissingColumn {
                    path: path.to_owned(),
                    field,
                    accepted: vec![name.to_owned()],
                    found: header.iter().map(ToOwned::to_owned).collect(),
                });
            }
            Ok(found)
        };
        let id = column("id")?.unwrap_or_default();
        let columns = [column("category")?, column("price")?];
        let mut out = Self::default();
        for record in reader.records() {
            let record = record
                .map_err(|error| wrong(error.position().map_or(0, csv::Position::line), error.to_string()))?;
            let [category, price] =
                columns.map(|column| column.and_then(|at| record.get(at)).unwrap_or("").trim());
            let good = Good { category: category.to_owned(), price_minor: parse_minor(price).unwrap_or(0) };
            out.add(record.get(id).unwrap_or("").trim(), good);
        }
        Ok(out)
    }

    fn add(&mut self, id: &str, good: Good) {
        self.folded
            .entry(id.to_ascii_uppercase())
            .and_modify(|found| *found = None)
            .or_insert_with(|| Some(id.to_owned()));
        self.goods.insert(id.to_owned(), good);
    }

    /// The catalogue's id of a log's id: the same, or the only one that differs in case alone.
    #[must_use]
    pub fn id(&self, item: &str) -> Option<String> {
        if self.goods.contains_key(item) {
            return Some(item.to_owned());
        }
        self.folded.get(&item.to_ascii_uppercase()).cloned().flatten()
    }

    /// The product of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Good> {
        self.goods.get(id)
    }

    /// Whether two products are of one category.
    #[must_use]
    pub fn alike(&self, left: &str, right: &str) -> bool {
        let category = |id| self.get(id).map_or("", |good| good.category.as_str());
        !category(left).is_empty() && category(left) == category(right)
    }

    /// Whether any product has a category.
    #[must_use]
    pub fn has_categories(&self) -> bool {
        self.goods.values().any(|good| !good.category.is_empty())
    }

    /// All products, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Good)> {
        self.goods.iter().map(|(id, good)| (id.as_str(), good))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.goods.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{CatalogueFile, Good, Goods};
    use crate::error::Error;

    #[test]
    fn a_catalogue_is_read_by_its_own_columns() {
        let folder = std::env::temp_dir().join(format!("shelfwise-own-columns-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("catalogue.csv");
        std::fs::write(&path, "sku,group,cost\nTEA,Drinks,2.00\n").unwrap();
        let mut file = CatalogueFile::new(&path);
        let Err(Error::MissingColumn { field: "id", .. }) = Goods::read(&file) else { panic!("no ids") };
        for (field, name) in [("id", "sku"), ("category", "group"), ("price", "cost")] {
            file.columns.insert(field.to_owned(), name.to_owned());
        }
        let goods = Goods::read(&file).unwrap();
        let tea = Good { category: "Drinks".to_owned(), price_minor: 200 };
        assert_eq!(goods.iter().collect::<Vec<_>>(), [("TEA", &tea)]);
        file.columns.insert("price".to_owned(), "prize".to_owned());
        let error = Goods::read(&file).unwrap_err().to_string();
        assert!(error.contains("no column for the price; looked for prize"), "{error}");
        assert!(error.contains("`--catalogue-column`"), "{error}");
    }
}
