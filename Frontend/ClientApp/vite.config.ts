import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";

/**
 * Writes a .br and a .gz beside every text file of the build, so that the server never compresses the same bytes
 * twice.
 */
function precompress(): Plugin {
  const compressible = /\.(js|css|html|svg|json|webmanifest)$/;
  return {
    name: "rednote-precompress",
    apply: "build",
    async writeBundle(options) {
      const root = options.dir!;
      for (const name of await readdir(root, { recursive: true })) {
        if (!compressible.test(name)) continue;
        const path = join(root, name);
        const bytes = await readFile(path);
        if (bytes.length < 512) continue;
        await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        await writeFile(
          `${path}.br`,
          brotliCompressSync(bytes, {
            params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
          }),
        );
      }
    },
  };
}

const server = process.env["REDNOTE_SERVER"] ?? "http://localhost:5080";

export default defineConfig({
  plugins: [precompress()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../wwwroot",
    emptyOutDir: true,
    assetsDir: "assets",
    // The page's Content-Security-Policy has no data: for scripts or styles; keep every asset a file of its own.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    // Browsers that know light-dark(): compiled down, it would follow the window's scheme also on the stage, which is
    // always dark.
    target: ["chrome123", "edge123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { "/api": server, "/hub": { target: server, ws: true } },
  },
  test: {
    include: ["tests/**/*.test.ts"],
  },
});
