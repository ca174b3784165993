// @vitest-environment node
import { expect, it } from "vitest";
import { inspector, kept } from "./inspector.js";

const SOURCES = ["crates/pack/src", "crates/engine/src"];
const NATIVE = "cargo test -p shelfwise-cli --test rows_replay";

/** What `crates/cli/tests/rows_replay.rs` leaves. */
interface Replay {
  now_s: number;
  /** How many rows are filled for each shopper. */
  rows: number;
  /** Where each product file lies in `replay.items.bin`. */
  items: [from: number, until: number][];
  shoppers: { events: object[]; rows: string[][] }[];
}

it("ranks for shoppers held back from the bundled orders in wasm as natively", async () => {
  const { Given } = await inspector();
  const replay = JSON.parse(kept("replay.rows.json", SOURCES, NATIVE).toString()) as Replay;
  const items = kept("replay.items.bin", SOURCES, NATIVE);
  const given = new Given(kept("replay.core.bin", SOURCES, NATIVE));
  for (const [number, span] of replay.items.entries()) given.items(number, items.subarray(...span));
  const rows = Uint32Array.from({ length: replay.rows }, (_, row) => row);
  for (const { events, rows: native } of replay.shoppers) {
    given.moment({ now_s: replay.now_s, events: events.map((event) => ({ quantity: 1, ...event })) });
    expect(given.rows(rows, false).map(([ids]) => ids)).toEqual(native);
  }
});
