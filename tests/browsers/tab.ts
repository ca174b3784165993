/** What tests ask of a tab, whichever browser it is in. Playwright's pages are tabs too. */
export interface Tab {
  goto(url: string): Promise<unknown>;
  click(selector: string): Promise<void>;
  /** Runs a function in the page; it sees nothing of the test's but its argument. */
  evaluate<R>(look: () => R | Promise<R>): Promise<R>;
  evaluate<R, A>(look: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** Waits until a function run in the page says something true. */
  waitForFunction(look: () => unknown): Promise<unknown>;
  waitForFunction<A>(look: (argument: A) => unknown, argument: A): Promise<unknown>;
}

/** A browser of one shopper, with nothing in it yet. */
export interface OtherBrowser {
  /** A further tab or window, looked at. */
  open(): Promise<Tab & { close(): Promise<void> }>;
  leave(): Promise<void>;
}
