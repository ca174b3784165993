//! One thing the shopper did, under its GA4 name.

macro_rules! event_kinds {
    ($($(#[$meta:meta])* $variant:ident = $code:literal, $name:literal;)*) => {
        /// What happened. Codes are stable and never reused; names are GA4's where GA4 has one.
        #[repr(u8)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum EventKind { $($(#[$meta])* $variant = $code,)* }

        impl EventKind {
            /// Every kind, in code order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The kind of a code, if this version knows it.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// GA4's event name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

event_kinds! {
    /// A page was shown. `text`: its path; `category`: its category, if it has one.
    PageView = 1, "page_view";
    /// A product's page was shown.
    ViewItem = 2, "view_item";
    /// A product was chosen in a list or row.
    SelectItem = 3, "select_item";
    /// `quantity` of a product was put into the cart.
    AddToCart = 4, "add_to_cart";
    /// `quantity` of a product was taken out of the cart; 0 = all of it.
    RemoveFromCart = 5, "remove_from_cart";
    /// A product was wished for.
    AddToWishlist = 6, "add_to_wishlist";
    /// A product is wished for no longer.
    RemoveFromWishlist = 7, "remove_from_wishlist";
    /// The cart was looked at.
    ViewCart = 8, "view_cart";
    /// Checkout was begun.
    BeginCheckout = 9, "begin_checkout";
    /// One line of an order. `text`: order id; `value_minor`: the order's whole value, on its first line only.
    Purchase = 10, "purchase";
    /// An order, or one product of it, was given back.
    Refund = 11, "refund";
    /// `text`: what was searched for.
    Search = 12, "search";
    /// A list of products was shown. `text`: its name.
    ViewItemList = 13, "view_item_list";
    /// `engaged_ms` of attention and `quantity` clicks, on `item` or on the page `text`.
    UserEngagement = 14, "user_engagement";
    /// A decision was really seen. `text`: `campaign/variation`.
    Exposure = 15, "experiment_viewed";
    /// Something was shared.
    Share = 16, "share";
    /// A promotion was clicked. `text`: `campaign/variation`.
    SelectPromotion = 17, "select_promotion";
    /// A promotion was shown by the shop itself.
    ViewPromotion = 18, "view_promotion";
    /// A visit began. `text`: referrer, line feed, landing path with its query.
    SessionStart = 19, "session_start";
    /// The shopper turned to what the shop marked with the name `text`, near `item` if there is one.
    Signal = 20, "signal";
    /// The shop or the shopper says the first name: `text`.
    SetName = 40, "shelfwise_name";
    /// `brand` is to be left out.
    MuteBrand = 41, "shelfwise_mute_brand";
    /// `brand` is welcome again.
    UnmuteBrand = 42, "shelfwise_unmute_brand";
    /// The random id that experiments bucket by: `text`; the first one stays.
    SetUnit = 43, "shelfwise_unit";
    /// Forget the newest earlier event of kind `quantity` at `value_minor` (Unix seconds) with this `item`
    /// and `text`.
    Forget = 44, "shelfwise_forget";
    /// A viewed or wished product was sold out when the catalogue was looked at.
    SoldOut = 45, "shelfwise_sold_out";
    /// The shopper answers a question of the shop's. `text`: its name, line feed, the answer; an empty one takes it back.
    SetAnswer = 46, "shelfwise_answer";
}

impl EventKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Whether the shopper did it, as opposed to a setting or a correction.
    #[must_use]
    pub const fn is_act(self) -> bool {
        self.code() < Self::SetName.code()
    }

    /// The kind of a GA4 name; case does not matter.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// One thing the shopper did. Fields that a kind has no use for are empty or 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, Unix seconds, by the device's clock.
    pub at_s: i64,
    /// What.
    pub kind: EventKind,
    /// Product id.
    pub item: String,
    /// Category name of the product or page.
    pub category: String,
    /// Brand name.
    pub brand: String,
    /// Search term, page path, `campaign/variation` or order id, by kind.
    pub text: String,
    /// Price of one piece, minor units; 0 = unknown.
    pub price_minor: u32,
    /// Pieces.
    pub quantity: u16,
    /// Value of the whole event, minor units.
    pub value_minor: i64,
    /// Attention, milliseconds.
    pub engaged_ms: u32,
    /// Price of the product before reduction, minor units; 0 = none, or unknown.
    pub compare_at_minor: u32,
    /// Tags of the product, with commas between them.
    pub tags: String,
}

impl Event {
    /// An event of that kind and time, everything else empty.
    #[must_use]
    pub fn new(kind: EventKind, at_s: i64) -> Self {
        Self {
            at_s,
            kind,
            item: String::new(),
            category: String::new(),
            brand: String::new(),
            text: String::new(),
            price_minor: 0,
            quantity: 0,
            value_minor: 0,
            engaged_ms: 0,
            compare_at_minor: 0,
            tags: String::new(),
        }
    }

    /// Whether it says more of its product than what is known of every one.
    #[must_use]
    pub fn describes(&self) -> bool {
        self.compare_at_minor != 0 || !self.tags.is_empty()
    }

    /// The event about that product.
    #[must_use]
    pub fn about(mut self, item: &str) -> Self {
        item.clone_into(&mut self.item);
        self
    }

    /// The event with that text.
    #[must_use]
    pub fn saying(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }
}
