import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const glue = fileURLToPath(new URL("./js/build/no-glue.ts", import.meta.url));

/** Unit tests of the page side and of the demo shop, in a DOM without a browser. */
export default defineConfig({
  resolve: { alias: { "#glue": glue, "#inspect-glue": glue } },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "https://shop.example/p/1?q=2" } },
    include: ["js/**/*.test.ts", "www/**/*.test.ts", "tests/conformance/*.test.ts"],
  },
});
