import { defineConfig } from "vitest/config";

/** Tests in a real browser, one page at a time; they need `dist/` and `target/demo/`. */
export default defineConfig({
  test: {
    include: ["tests/browser/**/*.spec.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
