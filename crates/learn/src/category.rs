//! Categories and tags from product names, by a rule file that a person can read.

use std::path::Path;

use crate::error::Error;
use crate::log;

/// A rule's category that means: this line is no product at all.
pub const NOT_A_PRODUCT: &str = "-";

/// Rules in order; the first that matches wins.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Vec<(String, Vec<String>)>,
}

impl Rules {
    /// Reads a rule file: lines `name,words|phrases`, `#` begins a comment line.
    ///
    /// # Errors
    /// The file cannot be read, or a line has no name or no word.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = log::read_text(path)?;
        let mut rules = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, words) = line.split_once(',').unwrap_or((line, ""));
            let phrases: Vec<String> =
                words.split('|').map(normal).filter(|phrase| phrase.trim() != "").collect();
            if name.trim().is_empty() || phrases.is_empty() {
                return Err(Error::Rule {
                    path: path.to_owned(),
                    line: at as u64 + 1,
                    message: "write `Name,word|two words|…`".to_owned(),
                });
            }
            rules.push((name.trim().to_owned(), phrases));
        }
        Ok(Self { rules })
    }

    /// The name of the first rule that matches. Cost: rules x length of the name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        let name = normal(name);
        self.rules.iter().find(|(_, phrases)| matches(&name, phrases)).map(|(rule, _)| rule.as_str())
    }

    /// The names of all rules that match, in rule order, each once.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        let name = normal(name);
        let mut found: Vec<&str> = Vec::new();
        for (rule, phrases) in &self.rules {
            if matches(&name, phrases) && !found.contains(&rule.as_str()) {
                found.push(rule);
            }
        }
        found
    }
}

fn matches(name: &str, phrases: &[String]) -> bool {
    phrases.iter().any(|phrase| name.contains(phrase.as_str()))
}

/// Lower-case words between single spaces, with a space at both ends; a plural `s` is dropped.
fn normal(text: &str) -> String {
    let mut out = String::from(" ");
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        let kept = match word.as_str() {
            plural if plural.len() > 3 && plural.ends_with('s') && !plural.ends_with("ss") => {
                &plural[..plural.len() - 1]
            }
            other => other,
        };
        out.push_str(kept);
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Rules {
        let path =
            std::env::temp_dir().join(format!("shelfwise-rules-{}-{}", std::process::id(), text.len()));
        std::fs::write(&path, text).unwrap();
        let rules = Rules::read(&path);
        std::fs::remove_file(&path).unwrap();
        rules.unwrap()
    }

    #[test]
    fn the_first_matching_rule_wins_on_whole_words() {
        let rules = rules("# comment\nChristmas,christmas\nKitchen,mug|cake stand\n");
        assert_eq!(rules.first("CHRISTMAS MUGS"), Some("Christmas"));
        assert_eq!(rules.first("BLUE MUGS"), Some("Kitchen"));
        assert_eq!(rules.first("CAKE/STAND"), Some("Kitchen"));
        assert_eq!(rules.first("MUGGLE CAKE"), None);
        assert_eq!(rules.all("Christmas mug"), ["Christmas", "Kitchen"]);
    }
}
