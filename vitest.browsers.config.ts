import { defineConfig } from "vitest/config";

/** The story in Firefox and WebKit (`npm run test:browsers`), one browser at a time; needs `dist/` and `target/demo/`. */
export default defineConfig({
  test: {
    include: ["tests/browsers/**/*.spec.ts"],
    fileParallelism: false,
    retry: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
