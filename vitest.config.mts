import { defineConfig } from "vitest/config";

// Tests import "dabbawala/..." and so run the compiled package, exactly what notebooks and users
// get.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/one-temporary-folder.ts"],
    setupFiles: ["test/own-temporary-folder.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 3,
  },
});
