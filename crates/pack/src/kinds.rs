//! The closed enums of the format. Codes are stable and never reused.

macro_rules! kind {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $code:literal,)* }) => {
        $(#[$meta])*
        #[repr(u8)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[doc = $doc])* $variant = $code,)* }

        impl $name {
            /// Every value, in code order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The first and the last code: every code between them is one.
            pub const CODES: (u8, u8) = {
                let codes = (Self::ALL[0] as u8, Self::ALL[Self::ALL.len() - 1] as u8);
                assert!((codes.1 - codes.0) as usize + 1 == Self::ALL.len());
                codes
            };

            /// Code, name and meaning of every value, for the format's documentation.
            #[cfg(feature = "encode")]
            pub const DOCS: &'static [(u8, &'static str, &'static str)] =
                &[$(($code, stringify!($variant), concat!($($doc),*)),)*];

            /// The value of a code, if this version knows it.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }
        }
    };
}
pub(crate) use kind;

kind! {
    /// What a file holds.
    FileKind {
        /// Campaigns, conditions, blocks and shop-wide knowledge.
        Core = 1,
        /// Product cards and neighbours.
        Items = 2,
        /// From product id to dense id.
        Index = 3,
        /// Hashes and lengths of many small files.
        Directory = 4,
        /// Population knowledge, from `learn` to `build`; never published.
        Knowledge = 5,
    }
}

kind! {
    /// What a campaign does.
    CampaignKind {
        /// Swaps a slot's content for a block.
        Content = 1,
        /// Reorders the blocks inside a slot.
        Layout = 2,
        /// Fills a slot with a recommended row.
        Products = 3,
        /// Reorders a product grid that the server rendered.
        Rerank = 4,
        /// Shows a bar, overlay or toast.
        Message = 5,
        /// Swaps a slot's content for a block that carries a discount code or link.
        Offer = 6,
        /// Dispatches a DOM event when its trigger fires (opens live chat, say).
        Trigger = 7,
    }
}

kind! {
    /// When a message, offer or trigger campaign fires.
    TriggerKind {
        /// As soon as the page is decided.
        Page = 1,
        /// The pointer leaves through the top of the window.
        ExitIntent = 2,
        /// No input for `threshold` seconds.
        Idle = 3,
        /// `threshold` percent of the page was scrolled.
        Scroll = 4,
        /// `threshold` seconds of attention on this page.
        Dwell = 5,
        /// A cart is left `threshold` minutes without a purchase.
        CartAbandoned = 6,
        /// A wished or viewed product is cheaper than when it was seen.
        PriceDrop = 7,
        /// A wished or viewed product is in stock again.
        BackInStock = 8,
    }
}

kind! {
    /// Type of one of the shop's own traits.
    CustomKind {
        /// True or false.
        Bool = 1,
        /// 64-bit integer.
        Int = 2,
        /// Binary64.
        Double = 3,
        /// Text.
        String = 4,
        /// List of texts, handed in with commas between them.
        Strings = 5,
    }
}

kind! {
    /// How a message is shown.
    MessageKind {
        /// Across the top of the page, pushing nothing.
        Bar = 1,
        /// Over the page, with a close button.
        Overlay = 2,
        /// In a corner, for a while.
        Toast = 3,
    }
}

kind! {
    /// What a variation brings.
    ContentKind {
        /// The merchant's own markup, untouched.
        Control = 1,
        /// A block (`target`: index into blocks).
        Block = 2,
        /// An order of blocks (`target`: index into orders).
        Order = 3,
        /// A recommended row (`target`: index into rows).
        Row = 4,
        /// Only an event (`target` unused).
        Event = 5,
    }
}

kind! {
    /// Whose clock a daypart goes by.
    Zone {
        /// The shopper's device's.
        Shopper = 1,
        /// The shop's.
        Shop = 2,
    }
}

kind! {
    /// How much the shopper allowed. Each mode includes the ones before it.
    ConsentMode {
        /// In-page memory only; nothing is read or stored.
        Contextual = 0,
        /// Memory may be kept on the device.
        Remember = 1,
        /// What is remembered may change what is shown.
        Personalise = 2,
        /// Derived traits may be handed to the shop's e-mail tool.
        HandOver = 3,
    }
}

kind! {
    /// A way to recommend products.
    Strategy {
        /// Most sold in a window.
        BestSellers = 1,
        /// Rising against the window before.
        Trending = 2,
        /// Newest in the catalogue.
        NewArrivals = 3,
        /// Largest reduction against the compare-at price.
        TopDiscount = 4,
        /// What this shopper viewed last.
        RecentlyViewed = 5,
        /// Viewed in the same sessions as the context products.
        ViewedTogether = 6,
        /// Bought in the same orders as the context products.
        BoughtTogether = 7,
        /// Bought after the context products were viewed.
        ViewedThenBought = 8,
        /// Alike in attributes.
        Similar = 9,
        /// From this shopper's session and history.
        ForYou = 10,
        /// From the whole cart.
        Cart = 11,
        /// Alike, in a higher price band.
        Upsell = 12,
        /// Bought with the context product, from another category.
        CrossSell = 13,
        /// Bought before and due again.
        Replenish = 14,
        /// Wished products whose price dropped.
        WishlistDeals = 15,
        /// What fills the gap to free shipping.
        FreeShipping = 16,
        /// A merchant's own list.
        Manual = 17,
        /// The products of the best-seller lists, nearest to this shopper's interests first.
        Affinity = 18,
        /// The rest of the best bundle that holds the context product.
        Bundle = 19,
        /// Bought in the same orders as the products of this shopper's last order.
        PostPurchase = 20,
        /// Few pieces left, most sold first.
        LowStock = 21,
        /// What this shopper put into the cart last, in it still or not.
        RecentlyCarted = 22,
    }
}

kind! {
    /// What an [`crate::core::Adjustment`] does.
    AdjustmentKind {
        /// Multiplies scores: boosts and buries.
        Weigh = 1,
        /// Puts a product at a place.
        Pin = 2,
    }
}

kind! {
    /// Which list of products a [`crate::core::List`] is.
    ListKind {
        /// Most sold in `window_days`.
        BestSellers = 1,
        /// Rising against the window before.
        Trending = 2,
        /// Newest first.
        NewArrivals = 3,
        /// Largest reduction first.
        TopDiscount = 4,
        /// A merchant's own list.
        Manual = 5,
        /// Few pieces left, most sold first.
        LowStock = 6,
        /// Of one octave of prices, most sold first. They are the last lists of a core file: the last of all is that of products
        /// from 1 minor unit until 2, the one before that from 2 until 4, and so on until twice what free shipping takes.
        FreeShipping = 7,
    }
}

kind! {
    /// Which product-to-product table a neighbour row belongs to.
    NeighbourKind {
        /// Bought in the same order.
        BoughtTogether = 1,
        /// Viewed in the same session.
        ViewedTogether = 2,
        /// Bought after the other was viewed.
        ViewedThenBought = 3,
        /// Alike in title and attributes.
        Similar = 4,
        /// In the same bundle, the best that holds the product.
        Bundle = 5,
    }
}

kind! {
    /// What a [`crate::core::CutPoints`] record cuts.
    CutKind {
        /// Days since the last order, RFM quintiles.
        Recency = 1,
        /// Number of orders, RFM quintiles.
        Frequency = 2,
        /// Spend in minor units, RFM quintiles.
        Monetary = 3,
        /// Price in minor units inside one category, quintiles.
        Price = 4,
    }
}

kind! {
    /// Attribute that a diversity limit counts by.
    DiversityBy {
        /// No limit.
        None = 0,
        /// Category.
        Category = 1,
        /// Brand.
        Brand = 2,
        /// Price band.
        PriceBand = 3,
    }
}

kind! {
    /// What a block's node is.
    NodeKind {
        /// An element: `tag`, `attrs`, children.
        Element = 1,
        /// Text: `text`.
        Text = 2,
        /// Its children once per product of the row.
        Each = 3,
    }
}

kind! {
    /// Where a part of a text or attribute value comes from.
    PartKind {
        /// The text itself.
        Literal = 1,
        /// The variation's data field named by `text`; its value parts are inserted.
        Data = 2,
        /// The trait of code `reference`; `text` is the default when it is absent or empty.
        Trait = 3,
        /// The product's field of code `reference` ([`ItemField`]), inside `Each` only.
        Item = 4,
    }
}

kind! {
    /// A field of a product that a block can show.
    ItemField {
        /// Product id.
        Id = 1,
        /// Title.
        Title = 2,
        /// Link to the product page.
        Url = 3,
        /// Link to the picture.
        Image = 4,
        /// Price, formatted in the shop's currency and locale by the page.
        Price = 5,
        /// Price before reduction, formatted; empty without one.
        CompareAt = 6,
        /// Category name.
        Category = 7,
        /// Brand name.
        Brand = 8,
        /// Why this product: what the variation's data says under its strategy's name ("Often bought with"), then the title of the
        /// product it goes with, if any.
        Reason = 9,
    }
}

kind! {
    /// Northern or southern half of the earth.
    Hemisphere {
        /// North of the equator.
        North = 1,
        /// South of the equator.
        South = 2,
    }
}

kind! {
    /// Koeppen main climate group.
    Climate {
        /// A: tropical.
        Tropical = 1,
        /// B: dry.
        Dry = 2,
        /// C: temperate.
        Temperate = 3,
        /// D: continental.
        Continental = 4,
        /// E: polar.
        Polar = 5,
    }
}
