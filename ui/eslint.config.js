import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import { readdirSync } from 'node:fs';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** The one place that may speak to the host of the window. */
const TAURI = { group: ['@tauri-apps/*'], message: 'Only lib/api may import Tauri.' };

/** Behaviour comes from bits-ui, wrapped once. */
const BITS = { group: ['bits-ui', 'bits-ui/*'], message: 'Wrap it in lib/design first.' };

const features = readdirSync('src/lib/features');

/** @param {string} tier @param {string[]} above @param {object[]} also */
const tier = (tier, above, also) => ({
  files: [`src/${tier}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...also,
          ...above.map((name) => ({
            group: [`$lib/${name}/**`, `**/${name}/**`, `../${name.replace('features/', '')}/**`],
            message: `${tier} must not import ${name}: design ← features ← routes.`,
          })),
        ],
      },
    ],
  },
});

export default ts.config(
  { ignores: ['build/', '.svelte-kit/', 'src/lib/api/bindings.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['*.js'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts', '**/*.ts'],
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // Addresses are built by lib/address, and the window is always served from the root.
      'svelte/no-navigation-without-resolve': 'off',
      // Collections are replaced, or deliberately not reactive.
      'svelte/prefer-svelte-reactivity': 'off',
      'max-lines': ['error', { max: 150, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['**/*.svelte.ts'], rules: { 'max-lines': ['error', 300] } },
  tier('lib/design', ['api', 'state', 'format', 'features'], [TAURI]),
  tier('lib/format', ['api', 'state', 'design', 'features'], [TAURI, BITS]),
  tier('lib/api', ['state', 'design', 'features'], [BITS]),
  tier('lib/state', ['design', 'features'], [TAURI, BITS]),
  tier('routes', [], [TAURI, BITS]),
  ...features.map((name) =>
    tier(
      `lib/features/${name}`,
      features.filter((other) => other !== name).map((other) => `features/${other}`),
      [TAURI, BITS],
    ),
  ),
);
