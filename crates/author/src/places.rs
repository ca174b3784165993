//! What a time zone says about where a shopper is: the bundled table.

use shelfwise_pack::kinds::{Climate, Hemisphere};

/// One zone of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZonePlace {
    /// IANA name.
    pub zone: &'static str,
    /// ISO 3166 country code.
    pub country: &'static str,
    /// Half of the earth.
    pub hemisphere: Hemisphere,
    /// Koeppen main group.
    pub climate: Climate,
}

/// The table, by zone name, bytewise. Cost: reads some 20 kB of text.
#[must_use]
pub fn places() -> Vec<ZonePlace> {
    let text = include_str!("../../../data/places.csv");
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut places: Vec<ZonePlace> = lines.filter_map(place).collect();
    places.sort_by_key(|place| place.zone);
    places
}

fn place(line: &'static str) -> Option<ZonePlace> {
    let mut fields = line.split(',');
    let (zone, country) = (fields.next()?, fields.next()?);
    let hemisphere = match fields.next()? {
        "N" => Hemisphere::North,
        "S" => Hemisphere::South,
        _ => return None,
    };
    let climate = match fields.next()?.trim() {
        "A" => Climate::Tropical,
        "B" => Climate::Dry,
        "C" => Climate::Temperate,
        "D" => Climate::Continental,
        "E" => Climate::Polar,
        _ => return None,
    };
    Some(ZonePlace { zone, country, hemisphere, climate })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_zones_are_unique() {
        let lines = include_str!("../../../data/places.csv").lines();
        let expected = lines.filter(|line| !line.starts_with('#')).count() - 1;
        let places = places();
        assert_eq!(places.len(), expected);
        assert!(places.is_sorted_by(|before, after| before.zone < after.zone));
        let london = places.iter().find(|place| place.zone == "Europe/London").unwrap();
        assert_eq!((london.country, london.climate), ("GB", Climate::Temperate));
    }
}
