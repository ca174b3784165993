//! Every strategy, exclusion and limit on a catalogue of twelve products.

mod shelves;

use shelfwise_engine::memory::{Event, EventKind};
use shelfwise_engine::pack::core::{CoreBuilder, Parameter, Source, exclude, kinship};
use shelfwise_engine::pack::kinds::{DiversityBy, NeighbourKind, Strategy};
use shelfwise_engine::pack::opened::Opened;
use shelfwise_engine::pack::record::Ref;
use shelfwise_engine::pack::scoring::{ONE, Scoring, strength, times};
use shelfwise_engine::recommend::{Pick, Recommender, Request, Situation};
use shelfwise_engine::shelf::{Shelf, Want};
use shelfwise_engine::traits::{Context, Traits, code};
use shelves::{core, event, full, memory, open};

const NOW_S: i64 = 1_800_000_000;
const DAY_S: i64 = 86_400;

/// Recommends from everything there is; gives dense ids.
fn picks(events: &[Event], context: &Context, request: &Request) -> Vec<Pick> {
    let core = open(&core());
    let shelf = full(&core);
    let core = core.view();
    let memory = memory(events);
    let situation = Situation::derive(&core, &shelf, &memory, context, NOW_S);
    let traits = Traits::derive(&memory, context, &core, NOW_S);
    assert_eq!(*situation.wants, [], "a full shelf wants nothing");
    Recommender::default().recommend(&core, &shelf, &situation, &traits, request).to_vec()
}

fn dense(picks: &[Pick]) -> Vec<u32> {
    picks.iter().map(|pick| pick.dense).collect()
}

fn row(strategies: &[Strategy], events: &[Event]) -> Vec<u32> {
    dense(&picks(events, &Context::default(), &Request::of_strategies(strategies, 8)))
}

fn view(at_s: i64, dense: u32) -> Event {
    event(EventKind::ViewItem, at_s, dense)
}

fn on_page(dense: u32) -> Context {
    Context { item: format!("P{dense}"), ..Context::default() }
}

#[test]
fn lists_come_in_their_own_order() {
    assert_eq!(row(&[Strategy::BestSellers], &[]), [9, 3, 5, 6, 0]);
    assert_eq!(row(&[Strategy::Trending], &[]), [7]);
    assert_eq!(row(&[Strategy::NewArrivals], &[]), [8]);
    assert_eq!(row(&[Strategy::TopDiscount], &[]), [1]);
    assert_eq!(row(&[Strategy::LowStock], &[]), [10, 2]);
    assert_eq!(row(&[Strategy::Manual], &[]), [2, 4]);
}

#[test]
fn a_category_page_begins_with_its_own_list_and_fills_up_with_the_shop_s() {
    let context = Context { category: "Kitchen".into(), ..Context::default() };
    let request = Request::of_strategies(&[Strategy::BestSellers], 8);
    assert_eq!(dense(&picks(&[], &context, &request)), [1, 4, 9, 3, 5, 6, 0]);
    let named = Source { strategy: Strategy::BestSellers.code(), list: Ref::to(0) };
    let request = Request { chain: [named].into_iter().collect(), ..request };
    assert_eq!(dense(&picks(&[], &context, &request)), [1, 4, 9, 3, 5, 6, 0]);
}

#[test]
fn a_page_of_a_brand_or_of_its_product_begins_with_the_brand_s_list() {
    let of = |strategy| dense(&picks(&[], &on_page(11), &Request::of_strategies(&[strategy], 8)));
    assert_eq!(of(Strategy::Trending), [3, 1, 7]);
    assert_eq!(of(Strategy::Manual), [2, 4], "a shop's own lists are no parts of one another");
    let context = Context { facts: vec![(code::PAGE_BRAND, "B1".into())], ..Context::default() };
    let trending = Request::of_strategies(&[Strategy::Trending], 8);
    assert_eq!(dense(&picks(&[], &context, &trending)), [3, 1, 7], "a page of the brand itself");
}

#[test]
fn the_rest_of_a_bundle_stands_by_the_product_of_the_page_or_of_the_cart() {
    let bundle = Request::of_strategies(&[Strategy::Bundle], 8);
    assert_eq!(dense(&picks(&[], &on_page(0), &bundle)), [7, 11]);
    assert_eq!(row(&[Strategy::Bundle], &[event(EventKind::AddToCart, NOW_S - 9, 0)]), [7, 11]);
    assert_eq!(dense(&picks(&[], &on_page(1), &bundle)), []);
}

#[test]
fn after_a_purchase_goes_what_was_bought_with_the_last_order_but_not_the_order() {
    let bought = |at_s, dense| event(EventKind::Purchase, at_s, dense);
    let order = [bought(NOW_S - DAY_S, 0), bought(NOW_S - 2, 1), bought(NOW_S - 1, 2)];
    assert_eq!(row(&[Strategy::PostPurchase], &order), [6], "not what went with older orders");
    assert_eq!(row(&[Strategy::PostPurchase], &[bought(NOW_S - 1, 0)]), [3, 6, 1, 9]);
    assert_eq!(row(&[Strategy::PostPurchase], &[]), []);
}

#[test]
fn what_was_carted_is_remembered_when_it_was_taken_out_and_not_bought() {
    let carted = |at_s, dense| event(EventKind::AddToCart, at_s, dense);
    let events = [
        carted(NOW_S - 50, 3),
        carted(NOW_S - 40, 6),
        event(EventKind::RemoveFromCart, NOW_S - 30, 3),
        carted(NOW_S - 20, 8),
        event(EventKind::Purchase, NOW_S - 10, 8),
        view(NOW_S - 5, 1),
    ];
    assert_eq!(row(&[Strategy::RecentlyCarted], &events), [8, 6, 3]);
    let request = Request {
        exclude: exclude::BOUGHT,
        ..Request::of_strategies(&[Strategy::RecentlyCarted, Strategy::RecentlyViewed], 8)
    };
    assert_eq!(dense(&picks(&events, &Context::default(), &request)), [6, 3, 1]);
}

#[test]
fn a_chain_goes_on_until_the_row_is_full_and_never_repeats() {
    assert_eq!(
        row(&[Strategy::TopDiscount, Strategy::Manual, Strategy::BestSellers], &[]),
        [1, 2, 4, 9, 3, 5, 6, 0]
    );
    let three = Request::of_strategies(&[Strategy::Manual, Strategy::BestSellers], 3);
    assert_eq!(dense(&picks(&[], &Context::default(), &three)), [2, 4, 9]);
    assert_eq!(row(&[Strategy::BestSellers, Strategy::BestSellers], &[]), [9, 3, 5, 6, 0]);
}

#[test]
fn recently_viewed_is_newest_first_and_once() {
    let events = [view(NOW_S - 30, 1), view(NOW_S - 20, 2), view(NOW_S - 10, 1)];
    assert_eq!(row(&[Strategy::RecentlyViewed], &events), [1, 2]);
}

#[test]
fn neighbours_are_by_score_then_popularity_then_id() {
    let request = Request::of_strategies(&[Strategy::BoughtTogether], 8);
    // Products 6 and 1 have the same score; 6 is the more popular one.
    assert_eq!(dense(&picks(&[], &on_page(0), &request)), [3, 6, 1, 9]);
    let viewed = Request::of_strategies(&[Strategy::ViewedTogether], 8);
    assert_eq!(dense(&picks(&[], &on_page(0), &viewed)), [8, 5, 2]);
    let bought = picks(&[], &on_page(0), &Request::of_strategies(&[Strategy::ViewedThenBought], 8));
    let (strategy, table) = (Strategy::ViewedThenBought, NeighbourKind::ViewedThenBought.code());
    let pick = Pick { dense: 4, score: strength(7).into(), strategy, table, because: Some(0) };
    assert_eq!(bought, [pick]);
}

#[test]
fn scores_add_up_over_the_cart() {
    let cart = [event(EventKind::AddToCart, NOW_S - 20, 0), event(EventKind::AddToCart, NOW_S - 10, 1)];
    let picks = picks(&cart, &Context::default(), &Request::of_strategies(&[Strategy::Cart], 8));
    // Scores 6: 15 and 9; 3: 15; 1: 9; 2: 4; 9: 2.
    assert_eq!(dense(&picks), [6, 3, 1, 2, 9]);
    assert_eq!(picks[0].score, u64::from(strength(15) + strength(9)));
    assert_eq!(picks[0].because, Some(1), "product 1 gave more than product 0");
    assert_eq!(picks[1].because, Some(0));
}

#[test]
fn views_fade_by_the_step_that_was_tuned() {
    let request = Request::of_strategies(&[Strategy::BoughtTogether], 8);
    let score = |core: &CoreBuilder| {
        let opened = open(core);
        let core = opened.view();
        let memory = memory(&[view(NOW_S - 20, 0), view(NOW_S - 10, 1)]);
        let context = Context::default();
        let traits = Traits::derive(&memory, &context, &core, NOW_S);
        let shelf = full(&opened);
        let situation = Situation::derive(&core, &shelf, &memory, &context, NOW_S);
        Recommender::default().recommend(&core, &shelf, &situation, &traits, &request)[0].score
    };
    let faded = |step: u32| u64::from(strength(15) + times(strength(9), step));
    assert_eq!(score(&core()), faded(Scoring::default().step));
    let mut tuned = core();
    let name = tuned.strings.add("session.step");
    tuned.parameters.push(Parameter { name, value: 0.25f64.to_bits() });
    assert_eq!(score(&tuned), faded(ONE / 4));
}

#[test]
fn for_you_is_unseen_products_from_the_last_views() {
    let events = [view(NOW_S - 20, 0)];
    // Bought together 15, 9, 9, 2; viewed together 8, 8, 8; viewed then bought 7.
    assert_eq!(row(&[Strategy::ForYou], &events), [3, 6, 1, 8, 5, 2, 4, 9]);
    let seen = [view(NOW_S - 30, 3), view(NOW_S - 20, 0)];
    assert!(!row(&[Strategy::ForYou], &seen).contains(&3));
    assert_eq!(row(&[Strategy::ForYou], &[]), []);
}

#[test]
fn for_you_goes_by_cart_or_order_where_nothing_was_viewed() {
    let carted = event(EventKind::AddToCart, NOW_S - 20, 0);
    assert_eq!(row(&[Strategy::ForYou], &[carted])[..2], [3, 6]);
    let bought = event(EventKind::Purchase, NOW_S - 20, 1);
    let mut events = vec![bought];
    assert_eq!(row(&[Strategy::ForYou], &events), [6, 2]);
    events.push(view(NOW_S - 10, 3));
    assert_eq!(row(&[Strategy::ForYou], &events)[0], 4, "like what was viewed");
}

#[test]
fn a_reminder_brings_back_what_was_just_viewed() {
    let opened = open(&core());
    let shelf = full(&opened);
    let core = opened.view();
    let memory = memory(&[view(NOW_S - 20, 0)]);
    let context = Context::default();
    let traits = Traits::derive(&memory, &context, &core, NOW_S);
    let situation = Situation::derive(&core, &shelf, &memory, &context, NOW_S);
    let request = Request { exclude: exclude::REMINDERS, ..Request::of_strategies(&[Strategy::ForYou], 2) };
    let mut recommender = Recommender::default();
    assert_eq!(dense(recommender.recommend(&core, &shelf, &situation, &traits, &request)), [0, 3]);
}

#[test]
fn cross_sell_leaves_the_category() {
    // 3, 6 and 9 are of the category of 0; 1 is not.
    let request = Request::of_strategies(&[Strategy::CrossSell], 8);
    assert_eq!(dense(&picks(&[], &on_page(0), &request)), [1]);
}

#[test]
fn upsell_is_alike_and_a_tenth_to_twice_as_dear() {
    // From 400: 500 (4) and 800 (7), not 900 (8) or 300 (2).
    let request = Request::of_strategies(&[Strategy::Upsell], 8);
    assert_eq!(dense(&picks(&[], &on_page(3), &request)), [4, 7]);
}

#[test]
fn free_shipping_fills_the_gap() {
    // The cart holds 500 of 1,000: products from 500 to 1,000, those that sell best first (no neighbours of 4).
    let cart = [event(EventKind::AddToCart, NOW_S - 20, 4)];
    assert_eq!(row(&[Strategy::FreeShipping], &cart), [9, 8, 7, 6, 4]);
    // 100 of 1,000: what goes with the cart comes first, the one that costs enough.
    let cart = [event(EventKind::AddToCart, NOW_S - 20, 0)];
    assert_eq!(row(&[Strategy::FreeShipping], &cart), [9, 11, 10, 8]);
    let picks = picks(&cart, &Context::default(), &Request::of_strategies(&[Strategy::FreeShipping], 8));
    assert_eq!([picks[0].because, picks[1].because], [Some(0), None]);
    let enough = [event(EventKind::AddToCart, NOW_S - 20, 9)];
    assert_eq!(row(&[Strategy::FreeShipping], &enough), []);
}

#[test]
fn replenish_waits_until_it_is_due() {
    let mut events = [
        event(EventKind::Purchase, NOW_S - 90 * DAY_S, 2),
        event(EventKind::Purchase, NOW_S - 45 * DAY_S, 3),
    ];
    events[0].text = "o1".into();
    events[1].text = "o2".into();
    assert_eq!(row(&[Strategy::Replenish], &events), [2, 3]);
    events[1].at_s += 1;
    assert_eq!(row(&[Strategy::Replenish], &events), [2]);
}

#[test]
fn what_is_known_to_last_comes_back_when_it_is_used_up() {
    let mut events = [
        event(EventKind::Purchase, NOW_S - 60 * DAY_S, 2),
        event(EventKind::Purchase, NOW_S - 20 * DAY_S, 4),
        event(EventKind::Purchase, NOW_S - 20 * DAY_S, 3),
    ];
    for (event, order) in events.iter_mut().zip(["o1", "o2", "o3"]) {
        event.text = order.into();
    }
    // 4 lasts 10 days: two of its intervals ago; 2 was bought 60 of 45 days ago; 3 not yet.
    assert_eq!(row(&[Strategy::Replenish], &events), [4, 2]);
}

#[test]
fn spread_puts_what_is_like_the_first_behind() {
    let with = |spread| {
        let request = Request { spread, ..Request::of_strategies(&[Strategy::BestSellers], 8) };
        dense(&picks(&[], &Context::default(), &request))
    };
    assert_eq!(with(0), [9, 3, 5, 6, 0]);
    // 3 is of the category and brand of 9; 5 shares only the brand. Scores are 1, 1/2, 1/3, 1/4, 1/5.
    assert_eq!(with(200), [9, 5, 3, 6, 0]);
}

#[test]
fn rows_may_demand_kinship_prices_and_strong_neighbours() {
    let with = |change: &dyn Fn(&mut Request)| {
        let mut request = Request::of_strategies(&[Strategy::BoughtTogether], 8);
        change(&mut request);
        dense(&picks(&[], &on_page(0), &request))
    };
    // Neighbours of 0 (Garden, B0, 100): 3 (15), 6 (9), 1 (9), 9 (2); prices 400, 700, 200, 1,000.
    assert_eq!(with(&|_| {}), [3, 6, 1, 9]);
    assert_eq!(with(&|request| request.score_min = 9), [3, 6, 1]);
    assert_eq!(with(&|request| request.score_min = 10), [3]);
    assert_eq!(with(&|request| request.price_percent = [300, 0]), [3, 6, 9]);
    assert_eq!(with(&|request| request.price_percent = [0, 700]), [3, 6, 1]);
    assert_eq!(with(&|request| request.kinship = kinship::SAME_CATEGORY), [3, 6, 9]);
    assert_eq!(with(&|request| request.kinship = kinship::OTHER_CATEGORY), [1]);
    assert_eq!(with(&|request| request.kinship = kinship::SAME_BRAND), [6]);
    assert_eq!(with(&|request| request.kinship = kinship::OTHER_BRAND), [3, 1, 9]);
}

#[test]
fn affinity_ranks_best_sellers_by_interest() {
    assert_eq!(row(&[Strategy::Affinity], &[]), []);
    // 3 and 9 are of the category and brand that was looked at, 6 and 0 of the category; 1 and 4 of the Kitchen list and 5 of
    // neither, but 1 and 5 of the brand.
    let mut seen = view(NOW_S - 10, 3);
    (seen.category, seen.brand) = ("Garden".into(), "B1".into());
    let shown = row(&[Strategy::Affinity], &[seen]);
    assert_eq!(shown[..2], [3, 9], "3 is of the price band too");
    assert!(shown.contains(&0) && shown.contains(&6) && !shown.contains(&4), "{shown:?}");
    // Of a category with a list of its own that list.
    let mut seen = view(NOW_S - 10, 7);
    seen.category = "Kitchen".into();
    assert_eq!(row(&[Strategy::Affinity], &[seen]), [4, 1]);
}

#[test]
fn clicks_on_recommended_products_move_the_blend_and_are_forgotten_with_their_events() {
    let score = |events: &[Event]| {
        let picks = picks(events, &Context::default(), &Request::of_strategies(&[Strategy::ForYou], 8));
        let of = |dense| picks.iter().find(|pick| pick.dense == dense).map_or(0, |pick| pick.score);
        (of(8), of(3))
    };
    let before = score(&[view(NOW_S - 20, 0)]);
    let mut click = event(EventKind::SelectItem, NOW_S - 30, 11);
    click.text = format!("shelfwise:{}", NeighbourKind::ViewedTogether.code());
    let clicks: Vec<Event> = std::iter::repeat_n(click.clone(), 8).chain([view(NOW_S - 20, 0)]).collect();
    let after = score(&clicks);
    assert!(after.0 > before.0 && after.1 < before.1, "{before:?} {after:?}");
    for text in ["shelfwise:9", "shelfwise:0", "shelfwise:", "list", ""] {
        click.text = text.into();
        assert_eq!(score(&[click.clone(), view(NOW_S - 20, 0)]), before, "{text}");
    }
    assert_eq!(score(&clicks[8..]), before, "without its clicks, as if there had never been any");
}

#[test]
fn wishlist_deals_are_cheaper_than_when_wished_for() {
    let mut wishes =
        [event(EventKind::AddToWishlist, NOW_S - 20, 1), event(EventKind::AddToWishlist, NOW_S - 10, 2)];
    wishes[0].price_minor = 201;
    assert_eq!(row(&[Strategy::WishlistDeals], &wishes), [1]);
}

#[test]
fn each_exclusion_takes_out_its_own() {
    let mut bought = event(EventKind::Purchase, NOW_S - 3 * DAY_S, 3);
    bought.text = "o1".into();
    let events = [bought, event(EventKind::AddToCart, NOW_S - 20, 5), view(NOW_S - 10, 6)];
    let with = |bits| {
        let request = Request { exclude: bits, ..Request::of_strategies(&[Strategy::BestSellers], 8) };
        dense(&picks(&events, &on_page(0), &request))
    };
    assert_eq!(with(0), [9, 3, 5, 6], "the product of the page is never in its own row");
    assert_eq!(with(exclude::BOUGHT), [9, 5, 6]);
    assert_eq!(with(exclude::CART), [9, 3, 6]);
    assert_eq!(with(exclude::SEEN), [9, 3, 5]);
}

#[test]
fn only_this_visit_counts_as_seen() {
    let events = [view(NOW_S - DAY_S, 9), view(NOW_S - 10, 6)];
    let request = Request { exclude: exclude::SEEN, ..Request::of_strategies(&[Strategy::BestSellers], 8) };
    assert_eq!(dense(&picks(&events, &Context::default(), &request)), [9, 3, 5, 0]);
}

#[test]
fn a_filter_and_a_muted_brand_leave_products_out() {
    let request = Request { filter: Ref::to(0), ..Request::of_strategies(&[Strategy::BestSellers], 8) };
    assert_eq!(dense(&picks(&[], &Context::default(), &request)), [9, 3, 6, 0], "5 is sold out");
    let mut mute = Event::new(EventKind::MuteBrand, NOW_S - 10);
    mute.brand = "B1".into();
    let request = Request::of_strategies(&[Strategy::BestSellers], 8);
    assert_eq!(dense(&picks(&[mute], &Context::default(), &request)), [6, 0]);
}

#[test]
fn diversity_limits_each_value() {
    let with = |by, max| {
        let request = Request {
            diversity_by: by,
            diversity_max: max,
            ..Request::of_strategies(&[Strategy::BestSellers], 8)
        };
        dense(&picks(&[], &Context::default(), &request))
    };
    // 9, 3, 6 and 0 are Garden, 5 is Toys; 9, 3 and 5 are B1; prices of Garden lie in fifths 3, 1, 2 and 0.
    assert_eq!(with(DiversityBy::Category, 1), [9, 5]);
    assert_eq!(with(DiversityBy::Category, 2), [9, 3, 5]);
    assert_eq!(with(DiversityBy::Brand, 2), [9, 3, 6, 0]);
    assert_eq!(with(DiversityBy::PriceBand, 1), [9, 3, 5, 6], "without cut points 5 falls in with 0");
    assert_eq!(with(DiversityBy::None, 1), [9, 3, 5, 6, 0]);
    assert_eq!(with(DiversityBy::Category, 0), [9, 3, 5, 6, 0]);
}

#[test]
fn a_row_below_its_minimum_is_no_row() {
    let request = Request { minimum: 5, ..Request::of_strategies(&[Strategy::BestSellers], 8) };
    assert_eq!(picks(&[], &Context::default(), &request).len(), 5);
    let request = Request { minimum: 6, ..request };
    assert_eq!(picks(&[], &Context::default(), &request), []);
}

#[test]
fn rows_of_a_page_do_not_repeat_each_other_where_asked() {
    let opened = open(&core());
    let shelf = full(&opened);
    let core = opened.view();
    let (situation, context) = (Situation::default(), Context::default());
    let traits = Traits::derive(&memory(&[]), &context, &core, NOW_S);
    let mut recommender = Recommender::default();
    let two = Request { exclude: exclude::SHOWN, ..Request::of_strategies(&[Strategy::BestSellers], 2) };
    let mut next = || dense(recommender.recommend(&core, &shelf, &situation, &traits, &two));
    assert_eq!((next(), next(), next(), next()), (vec![9, 3], vec![5, 6], vec![0], vec![]));
    recommender.new_page();
    assert_eq!(dense(recommender.recommend(&core, &shelf, &situation, &traits, &two)), [9, 3]);
}

#[test]
fn an_empty_shelf_shows_head_cards_and_says_what_it_wants() {
    let opened = open(&core());
    let core = opened.view();
    let mut shelf = Shelf::new(&core);
    let memory = memory(&[view(NOW_S - 10, 1)]);
    let context = on_page(0);
    let situation = Situation::derive(&core, &shelf, &memory, &context, NOW_S);
    assert_eq!(situation.current, Some(0), "a head card");
    assert_eq!(*situation.wants, [Want::Items(0), Want::Index(0)]);
    let traits = Traits::derive(&memory, &context, &core, NOW_S);
    let mut recommender = Recommender::default();
    let request = Request::of_strategies(&[Strategy::BoughtTogether, Strategy::BestSellers], 8);
    assert_eq!(dense(recommender.recommend(&core, &shelf, &situation, &traits, &request)), [9, 3]);
    assert_eq!(recommender.wants(), [Want::Items(0), Want::Items(1)]);

    shelf.add_index(0, &Opened::open(shelves::index()).unwrap());
    assert_eq!(shelf.dense(&core, "P1"), Some(1));
    assert_eq!(shelf.dense(&core, "P99"), None);
    assert_eq!(shelf.dense(&core, ""), None);
    assert_eq!(shelf.want_for_item(&core, "P99"), None, "the index file would know");
    let situation = Situation::derive(&core, &shelf, &memory, &context, NOW_S);
    assert_eq!((situation.viewed.as_slice(), situation.session), ([1].as_slice(), 1));
    assert_eq!(*situation.wants, [Want::Items(0)]);
    assert_eq!(shelf.want_card(shelves::COUNT), None, "no such product");
    assert_eq!(shelf.want_near(shelves::COUNT), None, "no such product");
}

#[test]
fn the_table_that_gave_a_product_is_told_until_other_rows_are_many() {
    let opened = open(&core());
    let shelf = full(&opened);
    let core = opened.view();
    let context = on_page(0);
    let memory = memory(&[]);
    let situation = Situation::derive(&core, &shelf, &memory, &context, NOW_S);
    let traits = Traits::derive(&memory, &context, &core, NOW_S);
    let mut recommender = Recommender::default();
    let bought = Request::of_strategies(&[Strategy::BoughtTogether], 4);
    let table = NeighbourKind::BoughtTogether.code();
    assert_eq!(dense(recommender.recommend(&core, &shelf, &situation, &traits, &bought)), [3, 6, 1, 9]);
    assert_eq!([3, 9, 0, 4].map(|dense| recommender.table_of(dense)), [table, table, 0, 0]);
    let listed = Request::of_strategies(&[Strategy::BestSellers], 1);
    assert_eq!(dense(recommender.recommend(&core, &shelf, &situation, &traits, &listed)), [9]);
    assert_eq!([3, 9].map(|dense| recommender.table_of(dense)), [table, 0], "the last row that had it");
    // Of 256 products and more a new page begins anew.
    for given in 5..256 {
        recommender.new_page();
        assert_eq!(recommender.table_of(3), table, "{given}");
        recommender.recommend(&core, &shelf, &situation, &traits, &listed);
    }
    assert_eq!(recommender.table_of(3), table);
    recommender.new_page();
    assert_eq!(recommender.table_of(3), 0);
}
