/** Owns how tests run, and the closing line that counts them. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/house/totals.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
