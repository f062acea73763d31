import type { Fits, Variant } from '$lib/api/bindings';

const GROUPS: Record<Variant['group'], string> = {
  gguf: 'GGUF quantisations',
  safetensors: 'Safetensors precisions',
  onnx: 'ONNX',
};

/** Whether this machine can hold a variant, in words, and how that looks. */
export const FITS: Record<Fits, { words: string; tone: 'good' | 'warning' | 'neutral' }> = {
  yes: { words: 'Fits this machine', tone: 'good' },
  tight: { words: 'Little memory to spare', tone: 'warning' },
  no: { words: 'Too big for the memory', tone: 'warning' },
  notOnDisk: { words: 'No room on the disk', tone: 'warning' },
};

/** Variants by what they are variants of, in the order they came in. */
export function grouped(variants: readonly Variant[]): { label: string; variants: Variant[] }[] {
  const names = [...new Set(variants.map(({ group }) => group))];
  return names.map((name) => ({
    label: GROUPS[name] ?? name,
    variants: variants.filter(({ group }) => group === name),
  }));
}

/**
 * The variant to suggest: of GGUF files, the largest quantisation that fits, or else the smallest that
 * just about does. Other kinds of variants say nothing about which one somebody wants.
 */
export function suggested(variants: readonly Variant[]): Variant | undefined {
  const sized = variants
    .filter(({ group }) => group === 'gguf')
    .toSorted((a, b) => a.bytes - b.bytes);
  return sized.findLast(({ fits }) => fits === 'yes') ?? sized.find(({ fits }) => fits === 'tight');
}
