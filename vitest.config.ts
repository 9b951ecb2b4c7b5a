/** Owns how tests run, and the closing line that counts them. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "./test/house/totals.ts"],
    setupFiles: ["./test/support/setup.ts"],
    // Generous, because a loaded machine is no mistake of the program.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
