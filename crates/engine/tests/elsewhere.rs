//! The traits of another page of the same moment are those derived for it.

use shelfwise_engine::eval::TraitSource as _;
use shelfwise_engine::memory::{Event, EventKind, Memory};
use shelfwise_engine::traits::{Context, TRAITS, Traits};
use shelfwise_pack::OpenedCore;
use shelfwise_pack::core::{CoreBuilder, Meta};

#[test]
fn elsewhere_is_as_if_derived_there() {
    let core =
        OpenedCore::open(CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() }.finish())
            .unwrap();
    let core = core.view();
    let now_s = 1_767_225_600;
    let mut memory = Memory::default();
    let mut look = Event::new(EventKind::ViewItem, now_s - 60).about("mug");
    (look.category, look.price_minor) = ("Kitchen".into(), 1_250);
    memory.fold(&look);
    let visit =
        Context { timezone: "Europe/Oslo".into(), viewport_width: 390, touch: true, ..Context::default() };
    let base = Traits::derive(&memory, &visit, &core, now_s);
    for (page, item) in [("product", "mug"), ("category", ""), ("home", "")] {
        let there = Context {
            page: page.into(),
            item: item.into(),
            category: "Kitchen".into(),
            search: "Tea".into(),
            ..visit.clone()
        };
        let (fresh, moved) =
            (Traits::derive(&memory, &there, &core, now_s), base.elsewhere(&memory, &there, &core, now_s));
        let mut told = 0;
        for spec in TRAITS {
            let (fresh, moved) = (fresh.value(spec.code, "Kitchen"), moved.value(spec.code, "Kitchen"));
            assert_eq!(format!("{moved:?}"), format!("{fresh:?}"), "{} on {page}", spec.path);
            told += usize::from(fresh.is_some());
        }
        assert!(told > 50, "{told} traits have a value");
    }
}
