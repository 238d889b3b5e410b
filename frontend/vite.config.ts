import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The API answers on the same origin in production; in development Vite hands the calls on.
const server = process.env["COMPTOIR_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  plugins: [svelte()],
  // No inlined assets: the server's policy is default-src 'self', data: URLs would be refused.
  build: { outDir: "dist", assetsInlineLimit: 0, target: "es2022", modulePreload: false },
  server: { proxy: { "/v1": server } },
});
