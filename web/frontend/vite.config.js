import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const here = import.meta.dirname;

/**
 * The UI kit goes into a cascade layer so that our styles and those of bpmn-js and form-js always win over it,
 * and its global `.empty`, which breaks bpmn.io panels, gets another name.
 */
const kitLayer = {
  name: 'opsbook-kit-layer',
  enforce: /** @type {const} */ ('pre'),
  /** @param {string} code @param {string} id */
  transform(code, id) {
    if (!/@tabler\/core\/dist\/css\/tabler(\.min)?\.css$/.test(id)) return undefined;
    return { code: `@layer kit{${code.replace(/@charset[^;]*;/, '').replace(/\.empty(?!\w)/g, '.kit-empty')}}`, map: null };
  },
};

/** Writes `.gz` and `.br` twins beside the assets: the Python server then needs no compression of its own. */
const compressedTwins = {
  name: 'opsbook-compressed-twins',
  apply: /** @type {const} */ ('build'),
  /** @param {{dir?: string}} options @param {Record<string, unknown>} bundle */
  writeBundle(options, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!/\.(js|css|svg)$/.test(name)) continue;
      const path = resolve(options.dir ?? '', name);
      const content = readFileSync(path);
      if (content.length < 1024) continue;
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
      writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
    }
  },
};

export default defineConfig({
  base: '/static/dist/',
  plugins: [kitLayer, compressedTwins],
  build: {
    outDir: resolve(here, '../static/dist'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    license: { fileName: 'THIRD-PARTY.md' },
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      // htmx keeps an eval path that its allowEval setting closes (and our content security policy)
      onwarn: (warning, warn) => void (warning.code === 'EVAL' || warn(warning)),
      input: { theme: resolve(here, 'src/theme.js'), main: resolve(here, 'src/main.js') },
    },
  },
});
