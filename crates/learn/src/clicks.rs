//! What is known of clicks: read from a log, or counted in a warehouse.

use crate::blend::is_conversion;
use crate::customer::intent::Visits;
use crate::error::Error;
use crate::groups::Groups;
use crate::log::Tally;
use crate::neighbours::{self, Rows};
use crate::pairs::Room;
use crate::progress::Progress;
use crate::run::Options;
use crate::sessions::Sessions;
use crate::sql::Counts;
use crate::weights::Weights;

/// Rows of a table, and the groups that hold each product.
type Supported = (Rows, Vec<u32>);

/// Clicks of a shop; both kinds lead to the same tables.
#[derive(Debug)]
pub enum Clicks {
    /// Sessions, and all views taken out of them.
    Read(Sessions, Groups),
    /// Counts of sessions that stayed elsewhere.
    Counted(Counts),
}

impl Clicks {
    /// Reads the click log or the counts that the options name, or none.
    ///
    /// # Errors
    /// Both are named, counts are to be tuned on, or as [`Sessions::read`] and [`Counts::read`].
    pub fn read(
        options: &Options,
        product: &dyn Fn(&str) -> Option<String>,
        room: &Room,
        progress: &mut dyn Progress,
    ) -> Result<Self, Error> {
        let usage = |message: &str| Err(Error::Option { message: message.to_owned() });
        match (&options.sessions, &options.counts) {
            (Some(_), Some(_)) => usage("give the click log or its counts, not both"),
            (None, Some(_)) if options.tune.is_some() => usage(
                "counts hold no sessions to tune on: tune on the log of a few weeks, and give what that wrote as `--parameters`",
            ),
            (None, Some(path)) => {
                let weights = [&options.views, &options.conversions];
                Ok(Self::Counted(Counts::read(path, weights, product, room, progress)?))
            }
            (Some(source), None) => {
                let mut sessions = Sessions::read(source, product, options.memory_bytes_max, progress)?;
                let views = sessions.take_views();
                Ok(Self::Read(sessions, views))
            }
            (None, None) => Ok(Self::Read(Sessions::none(), Groups::new())),
        }
    }

    /// Product ids by number, ascending bytewise.
    #[must_use]
    pub fn items(&self) -> &[Box<str>] {
        match self {
            Self::Read(sessions, _) => &sessions.items,
            Self::Counted(counts) => &counts.items,
        }
    }

    /// Gives the products other numbers, out of those of `items`.
    pub fn renumber(&mut self, items: &[Box<str>], number: &dyn Fn(u32) -> u32) {
        match self {
            Self::Read(sessions, views) => {
                sessions.renumber(number);
                views.renumber(number);
                sessions.items = items.into();
            }
            Self::Counted(counts) => {
                let mut seen = vec![0; items.len()];
                for (old, views) in (0..).zip(&counts.views) {
                    seen[number(old) as usize] = *views;
                }
                counts.viewed.renumber(items.len(), number);
                counts.bought.renumber(items.len() * 2, |entry| number(entry / 2) * 2 + entry % 2);
                (counts.views, counts.items) = (seen, items.into());
            }
        }
    }

    /// Rows read and refused.
    #[must_use]
    pub fn lines(&self) -> &Tally {
        match self {
            Self::Read(sessions, _) => &sessions.lines,
            Self::Counted(counts) => &counts.lines,
        }
    }

    /// Sorted runs that lay on disk while the log was read.
    #[must_use]
    pub fn runs(&self) -> u64 {
        match self {
            Self::Read(sessions, _) => sessions.runs,
            Self::Counted(_) => 0,
        }
    }

    /// Visits up to their first purchase.
    #[must_use]
    pub fn visits(&self) -> &Visits {
        match self {
            Self::Read(sessions, _) => &sessions.visits,
            Self::Counted(counts) => &counts.visits,
        }
    }

    /// Sessions of views; none where they stayed elsewhere.
    #[must_use]
    pub fn views(&self) -> Option<&Groups> {
        match self {
            Self::Read(_, views) => Some(views),
            Self::Counted(_) => None,
        }
    }

    /// Views of each product, by number.
    #[must_use]
    pub fn seen(&self) -> Vec<u32> {
        match self {
            Self::Read(sessions, views) => {
                let mut seen = vec![0; sessions.items.len()];
                for item in views.iter().flat_map(|(_, items)| items) {
                    seen[*item as usize] += 1;
                }
                seen
            }
            Self::Counted(counts) => counts.views.clone(),
        }
    }

    /// The rows of what is viewed together, if anything is. Takes the counts away.
    ///
    /// # Errors
    /// What lay on disk cannot be read.
    pub fn viewed(&mut self, weights: &Weights, room: &Room) -> Result<Option<Supported>, Error> {
        match self {
            Self::Read(_, views) if views.is_empty() => Ok(None),
            Self::Read(sessions, views) => {
                room.rows(views, sessions.items.len(), weights, &|row, other| row != other).map(Some)
            }
            Self::Counted(counts) if counts.viewed.is_empty() => Ok(None),
            Self::Counted(counts) => {
                let (pairs, supports) = counts.viewed.take_pairs(room)?;
                Ok(Some((neighbours::rows_of(pairs, weights, &supports)?, supports)))
            }
        }
    }

    /// The rows of what is bought after a view, if anything is; numbers as in [`Sessions::bought`]. Takes the counts away.
    ///
    /// # Errors
    /// What lay on disk cannot be read.
    pub fn bought(&mut self, weights: &Weights, room: &Room) -> Result<Option<Rows>, Error> {
        match self {
            Self::Read(sessions, _) if sessions.bought.is_empty() => Ok(None),
            Self::Read(sessions, _) => {
                Ok(Some(room.rows(&sessions.bought, sessions.items.len() * 2, weights, &is_conversion)?.0))
            }
            Self::Counted(counts) if counts.bought.is_empty() => Ok(None),
            Self::Counted(counts) => {
                let (pairs, supports) = counts.bought.take_pairs(room)?;
                Ok(Some(neighbours::rows_of(pairs, weights, &supports)?))
            }
        }
    }
}
