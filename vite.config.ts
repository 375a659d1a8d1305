/// <reference types="vitest/config" />
import { defineConfig } from "vite";

/** One entry, hashed files and a manifest that django-vite reads; the tests run in the same set-up. */
export default defineConfig({
  base: "/static/",
  publicDir: "static/public",
  build: {
    outDir: "static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: { input: "static/src/main.ts" },
  },
  test: {
    include: ["static/src/**/*.test.ts", "tests/static/**/*.test.ts"],
    environment: "happy-dom",
    passWithNoTests: true,
  },
});
