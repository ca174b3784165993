import { defineConfig } from "vitest/config";

/** Tests in a real browser, two at a time as they mostly wait; those and the ones of the package need `dist/` and `target/demo/`. */
export default defineConfig({
  test: {
    include: ["tests/{browser,packaging}/**/*.spec.ts"],
    maxWorkers: 2,
    // Once: a browser that gets no processor for seconds misses a focus or a frame. What fails twice is a fault.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
