//! Days and hours in which a campaign may show.

use crate::pack::core::Core;
use crate::pack::kinds::Zone;

const DAY_MIN: i64 = 1_440;

/// Minutes since Monday 1970-01-05 on the shopper's clock and on the shop's.
#[derive(Clone, Copy)]
pub(super) struct Clocks {
    shopper_min: i64,
    shop_min: i64,
}

impl Clocks {
    pub(super) fn at(core: &Core, utc_offset_min: i32, now_s: i64) -> Self {
        let utc_min = now_s.div_euclid(60) - 4 * DAY_MIN;
        let shopper_min = utc_min.saturating_add(utc_offset_min.into());
        Self { shopper_min, shop_min: utc_min.saturating_add(core.shop_offset_min(now_s)) }
    }

    /// Whether a campaign has no dayparts, or one of them holds now. Cost: a binary search.
    pub(super) fn allow(self, core: &Core, campaign: u32) -> bool {
        let parts = &core.dayparts;
        let first = parts.partition_point(|part| part.campaign < campaign);
        let mut own = (first..).map_while(|at| parts.get(at)).take_while(|part| part.campaign == campaign);
        let mut any = false;
        let holds = own.any(|part| {
            any = true;
            let now_min = if part.zone == Zone::Shop.code() { self.shop_min } else { self.shopper_min };
            // It may have begun today, or yesterday and reach past midnight.
            [0, 1].into_iter().any(|days_ago| {
                let day = now_min.div_euclid(DAY_MIN) - days_ago;
                let minute = now_min.rem_euclid(DAY_MIN) + days_ago * DAY_MIN;
                part.days >> day.rem_euclid(7) & 1 == 1
                    && (i64::from(part.from_min)..i64::from(part.until_min)).contains(&minute)
            })
        });
        holds || !any
    }
}
