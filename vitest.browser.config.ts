import { defineConfig } from "vitest/config";

/** Tests in a real browser, one page at a time; those and the ones of the package need `dist/` and `target/demo/`. */
export default defineConfig({
  test: {
    include: ["tests/{browser,packaging}/**/*.spec.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
