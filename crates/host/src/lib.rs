//! What the engine needs from its surroundings, and the driver that sequences a page view.
