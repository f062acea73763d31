import { readFileSync, writeFileSync } from 'node:fs';

/*
 * The window's content security policy allows neither inline scripts nor inline styles. SvelteKit
 * writes one of each; this takes them out.
 */

const INLINE_SCRIPT = /<script>([\s\S]*?)<\/script>/g;

/**
 * Moves the start script in index.html to a file of its own. It stays a classic script, so that
 * `document.currentScript`, by which it finds its place, keeps working.
 *
 * @param {import('@sveltejs/kit').Adapter} adapter
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function externaliseBootstrap(adapter) {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder);
      const html = readFileSync('build/index.html', 'utf8');
      const scripts = [...html.matchAll(INLINE_SCRIPT)].map((match) => match[1]);
      if (scripts.length !== 1) {
        throw new Error(`expected one inline script in index.html, found ${scripts.length}`);
      }
      writeFileSync('build/bootstrap.js', scripts[0].trim() + '\n');
      writeFileSync(
        'build/index.html',
        html.replace(INLINE_SCRIPT, '<script src="/bootstrap.js"></script>'),
      );
    },
  };
}

/**
 * Drops the style attribute of SvelteKit's announcer of page titles; base.css hides it instead.
 *
 * @type {import('svelte/compiler').PreprocessorGroup}
 */
export const plainAnnouncer = {
  name: 'plain-announcer',
  markup({ content, filename }) {
    if (!filename?.endsWith('/generated/root.svelte')) return undefined;
    const code = content.replace(/(id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
    if (code === content) throw new Error('the announcer has no style attribute any more');
    return { code };
  },
};
