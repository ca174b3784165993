//! Why a campaign shows or not: a closed list of stable codes. Texts for people live with `js` and `cli`.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Why a campaign shows or not. Codes are stable and never reused.
        #[repr(u8)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason { $($(#[$doc])* $name = $code,)* }

        impl Reason {
            /// Every reason, in code order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The reason of a code, if this version knows it.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// The stable name, for tables of texts and test cases.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

reasons! {
    /// Everything held and nothing outranked it.
    Won = 1,
    /// A preview link asked for it.
    Forced = 2,
    /// It won, but this shopper is in the holdout: the merchant's markup stays, and the exposure is a ghost.
    Holdout = 3,
    /// No campaign of the slot could show.
    NoCampaign = 4,
    /// Withdrawn by the merchant after the pack was released.
    Withdrawn = 10,
    /// Its schedule has not begun.
    NotStarted = 11,
    /// Its schedule is over.
    Ended = 12,
    /// The shopper has not allowed what it needs.
    Consent = 13,
    /// The audience's condition does not hold.
    Audience = 14,
    /// The audience's condition could not be computed.
    ConditionError = 15,
    /// Seen as often as its cap allows.
    Capped = 16,
    /// Another experiment of the namespace owns this shopper.
    Namespace = 17,
    /// Outside the experiment's share of shoppers.
    Coverage = 18,
    /// Another campaign of its group shows.
    Group = 19,
    /// A campaign of higher priority shows in its slot.
    Outranked = 20,
    /// Its slot was not asked for.
    OtherSlot = 21,
    /// Its trigger has not fired.
    NotTriggered = 22,
    /// Its row could not be filled to the minimum.
    Unfilled = 23,
    /// It is under test, and there is no id to bucket this shopper by.
    NoUnit = 24,
    /// Outside the days and hours of its schedule.
    OffHours = 25,
    /// The page shows as many campaigns of its kind as it may.
    PageLimit = 26,
}

impl Reason {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}
