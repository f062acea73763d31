import { expect, it } from 'vitest';
import type { Fits, Variant } from '$lib/api/bindings';
import { FITS, grouped, suggested } from './variants';
import { patternsIn } from '$lib/format/patterns';

const variant = (name: string, bytes: number, fits: Fits, group: Variant['group'] = 'gguf') => ({
  id: name,
  group,
  name,
  detail: '',
  files: 1,
  bytes,
  fits,
  isHere: false,
});

it('suggests the largest quantisation that fits', () => {
  const all = [
    variant('Q8', 8, 'no'),
    variant('Q6', 6, 'tight'),
    variant('Q2', 2, 'yes'),
    variant('Q4', 4, 'yes'),
  ];
  expect(suggested(all)?.name).toBe('Q4');
  expect(suggested(all.slice(0, 2))?.name).toBe('Q6');
  expect(suggested(all.slice(0, 1))).toBeUndefined();
});

it('suggests nothing where no quantisations are to be had', () => {
  expect(suggested([variant('fp16', 2, 'yes', 'safetensors')])).toBeUndefined();
  expect(suggested([])).toBeUndefined();
});

it('puts variants together that stand for each other, and says in words what fits', () => {
  const all = [
    variant('Q4', 4, 'yes'),
    variant('fp16', 2, 'yes', 'safetensors'),
    variant('Q8', 8, 'no'),
  ];
  expect(
    grouped(all).map(({ label, variants }) => [label, variants.map(({ name }) => name)]),
  ).toEqual([
    ['GGUF quantisations', ['Q4', 'Q8']],
    ['Safetensors precisions', ['fp16']],
  ]);
  expect(new Set(Object.values(FITS).map(({ words }) => words)).size).toBe(4);
});

it('reads patterns parted by spaces, commas and lines, each once', () => {
  expect(patternsIn(' *.json, *.md\n*.json  onnx/ ')).toEqual(['*.json', '*.md', 'onnx/']);
  expect(patternsIn('  ')).toEqual([]);
});
