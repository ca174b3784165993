//! Pleasant titles from names in capitals.

/// Words that stay small inside a title.
const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "by", "de", "des", "du", "for", "from", "in", "of", "on", "or", "the",
    "to", "with",
];
/// Words that stay in capitals.
const CAPITALS: &[&str] =
    &["3D", "CD", "DIY", "DVD", "LED", "SPF", "TV", "UK", "USA", "USB", "XL", "II", "III", "IV"];
/// Shorthand of the stock list, written out.
const SHORTHAND: &[(&str, &str)] = &[
    ("ANT", "Antique"),
    ("ASS", "Assorted"),
    ("ASSORT", "Assorted"),
    ("ASST", "Assorted"),
    ("ASSTD", "Assorted"),
    ("CHOC", "Chocolate"),
    ("COL", "Colour"),
    ("COLS", "Colours"),
    ("DEC", "Decoration"),
    ("DECS", "Decorations"),
    ("DECO.WHITE", "Decoration White"),
    ("DES", "Designs"),
    ("FUSCHIA", "Fuchsia"),
    ("HLDR", "Holder"),
    ("NECKL", "Necklace"),
    ("RND", "Round"),
    ("TURQ", "Turquoise"),
    ("VINT", "Vintage"),
    ("W", "with"),
    ("SMAL", "Small"),
    ("CHILDRENS", "Children's"),
    ("CHILDS", "Child's"),
    ("GIRLS", "Girls'"),
    ("BOYS", "Boys'"),
    ("LADIES", "Ladies'"),
    ("XMAS", "Christmas"),
];

/// Whether a name names a product: mostly capitals, long enough, no remark of the stock room.
///
/// The log's real names are in capitals; what people typed at the stock count (`damaged`, `thrown
/// away-rusty`, `?`) is not.
#[must_use]
pub fn is_well_formed(name: &str) -> bool {
    let upper = name.chars().filter(|letter| letter.is_uppercase()).count();
    let lower = name.chars().filter(|letter| letter.is_lowercase()).count();
    let words = name.split_whitespace().count();
    upper + lower >= 4 && words >= 2 && (upper >= lower || name.split_whitespace().all(starts_like_a_title))
}

fn starts_like_a_title(word: &str) -> bool {
    word.chars().find(|letter| letter.is_alphabetic()).is_none_or(char::is_uppercase)
}

/// The name in title case: `SET/3 RED GINGHAM ROSE BOXES` becomes `Set of 3 Red Gingham Rose Boxes`.
#[must_use]
pub fn title(name: &str) -> String {
    let spaced =
        name.trim().trim_matches(['*', ',', '.']).replace(',', ", ").replace('&', " & ").replace('+', " + ");
    let mut words: Vec<String> = Vec::new();
    for raw in spaced.split_whitespace() {
        if raw == "," {
            continue;
        }
        let word = titled(raw.trim_matches('.'), words.is_empty());
        if !word.is_empty() {
            words.push(word);
        }
    }
    let mut text = words.join(" ").replace(" ,", ",");
    while text.ends_with([',', '-', '/']) {
        text.pop();
    }
    text
}

fn titled(word: &str, first: bool) -> String {
    let upper = word.to_uppercase();
    if let Some(count) = upper.strip_prefix("SET/").or_else(|| upper.strip_prefix("S/"))
        && !count.is_empty()
        && count.bytes().all(|byte| byte.is_ascii_digit())
    {
        return if first { format!("Set of {count}") } else { format!("(Set of {count})") };
    }
    if let Some((_, full)) = SHORTHAND.iter().find(|(short, _)| *short == upper.trim_end_matches(',')) {
        return if word.ends_with(',') { format!("{full},") } else { (*full).to_owned() };
    }
    if let Some(rest) = upper.strip_prefix("W/")
        && !rest.is_empty()
    {
        return format!("with {}", titled(rest, true));
    }
    if !first && SMALL.contains(&upper.to_lowercase().as_str()) {
        return upper.to_lowercase();
    }
    let mut out = String::new();
    let mut part = String::new();
    for letter in upper.chars() {
        if letter.is_alphanumeric() || letter == '\'' {
            part.push(letter);
        } else {
            out.push_str(&part_titled(&part));
            part.clear();
            out.push(letter);
        }
    }
    out + &part_titled(&part)
}

fn part_titled(part: &str) -> String {
    if CAPITALS.contains(&part) {
        return part.to_owned();
    }
    if part.starts_with(|letter: char| letter.is_ascii_digit()) {
        return part.to_lowercase();
    }
    let mut letters = part.chars();
    letters.next().map_or_else(String::new, |first| first.to_string() + &letters.as_str().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_read_like_a_shop() {
        for (name, expected) in [
            ("WHITE HANGING HEART T-LIGHT HOLDER", "White Hanging Heart T-Light Holder"),
            ("SET/3 RED GINGHAM ROSE STORAGE BOXES", "Set of 3 Red Gingham Rose Storage Boxes"),
            ("WOOD S/3 CABINET ANT WHITE FINISH", "Wood (Set of 3) Cabinet Antique White Finish"),
            ("SWISS ROLL TOWEL, CHOCOLATE  SPOTS", "Swiss Roll Towel, Chocolate Spots"),
            ("SET OF 60 I LOVE LONDON CAKE CASES ", "Set of 60 I Love London Cake Cases"),
            ("15CM CHRISTMAS GLASS BALL 20 LIGHTS", "15cm Christmas Glass Ball 20 Lights"),
            ("FLOWER GLASS GARLAND NECKL.36\"BLUE", "Flower Glass Garland Neckl.36\"Blue"),
            ("*USB Office Mirror Ball", "USB Office Mirror Ball"),
            ("CHILDRENS CUTLERY POLKADOT GREEN", "Children's Cutlery Polkadot Green"),
            ("POPPY'S PLAYHOUSE BEDROOM", "Poppy's Playhouse Bedroom"),
        ] {
            assert_eq!(title(name), expected);
        }
    }

    #[test]
    fn remarks_are_no_names() {
        for name in [
            "",
            "?",
            "damaged",
            "thrown away-can't sell.",
            "Found by jackie",
            "Unsaleable, destroyed.",
            "wet",
        ] {
            assert!(!is_well_formed(name), "{name}");
        }
        for name in ["RED RETROSPOT MUG", "Dr. Jam's Arouzer Stress Ball", "FOLK ART GREETING CARD,pack/12"] {
            assert!(is_well_formed(name), "{name}");
        }
    }
}
