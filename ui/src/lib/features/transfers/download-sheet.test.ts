import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Choices, DownloadPlan, Variant } from '$lib/api/bindings';
import { DownloadSheet, missingRoom, type Ticked } from './download-sheet.svelte';

const at = { repo: { kind: 'model', name: 'a/b' }, revision: 'main' } as const;
const variant = (id: string, also: Partial<Variant> = {}): Variant => ({
  id,
  group: 'gguf',
  name: id,
  detail: '',
  files: 1,
  bytes: 1,
  fits: 'yes',
  isHere: false,
  ...also,
});
const choices = (also: Partial<Choices> = {}): Choices => ({
  variants: [],
  memoryBytes: null,
  folders: [],
  ...also,
});
const NOTHING: Ticked = { paths: [], files: 0 };

function opened(ticked: Ticked = NOTHING, known: Choices | undefined = choices()) {
  const sheet = new DownloadSheet(
    () => at,
    () => ticked,
  );
  sheet.open();
  sheet.takeChoices(known);
  return sheet;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what a download is about', () => {
  it('is what is ticked, if something is', () => {
    const sheet = opened({ paths: ['x'], files: 1 });
    expect(sheet.request?.selection).toEqual({ type: 'files', paths: ['x'] });
    sheet.choose('everything');
    expect(sheet.request).toEqual({
      ...at,
      selection: { type: 'everything' },
      into: { type: 'cache' },
    });
  });

  it.each<Ticked>([NOTHING, { paths: null, files: 12 }])(
    'is everything when nothing or everything is ticked',
    (ticked) => {
      const sheet = opened(ticked);
      expect(sheet.tickedFiles).toBe(0);
      expect(sheet.request?.selection).toEqual({ type: 'everything' });
    },
  );

  it('is the largest quantisation that fits, as soon as it is known which one that is', () => {
    const sheet = new DownloadSheet(
      () => at,
      () => NOTHING,
    );
    sheet.open();
    expect(sheet.request).toBeUndefined();
    const variants = [variant('Q4', { bytes: 4 }), variant('Q8', { bytes: 8, fits: 'no' })];
    sheet.takeChoices(choices({ variants }));
    expect(sheet.request?.selection).toEqual({ type: 'variant', id: 'Q4' });
    sheet.chooseVariant('Q8');
    expect(sheet.request?.selection).toEqual({ type: 'variant', id: 'Q8' });
  });

  it('is everything where the choices cannot be known', () => {
    expect(opened(NOTHING, undefined).request?.selection).toEqual({ type: 'everything' });
  });

  it('follows patterns when nothing was typed for a moment', () => {
    const sheet = opened();
    sheet.choose('patterns');
    sheet.include = '*.json';
    sheet.typed();
    sheet.include = '*.json *.md';
    sheet.typed();
    vi.advanceTimersByTime(200);
    expect(sheet.request?.selection).toMatchObject({ include: [] });
    vi.advanceTimersByTime(100);
    expect(sheet.request?.selection).toEqual({
      type: 'patterns',
      include: ['*.json', '*.md'],
      exclude: [],
    });
  });

  it('forgets ticks and variants of another revision', () => {
    const sheet = opened({ paths: ['x'], files: 1 }, choices({ variants: [variant('Q4')] }));
    sheet.chooseVariant('Q4');
    sheet.revision = 'v2';
    expect(sheet.at).toEqual({ ...at, revision: 'v2' });
    expect(sheet.request).toBeUndefined();
    sheet.takeChoices(choices());
    expect(sheet.tickedFiles).toBe(0);
    expect(sheet.request).toMatchObject({ revision: 'v2', selection: { type: 'everything' } });
  });

  it('asks nothing while it is closed, and begins anew', () => {
    const sheet = opened();
    sheet.choose('patterns');
    sheet.close();
    expect(sheet.request).toBeUndefined();
    sheet.open();
    sheet.takeChoices(choices());
    expect(sheet.what).toBe('everything');
  });
});

describe('where a download goes', () => {
  const [lately, picked] = [
    { id: 'f1', path: '/models' },
    { id: 'f2', path: '/other' },
  ];

  it('is the cache, or a folder that was used lately or has just been chosen', () => {
    const sheet = opened(NOTHING, choices({ folders: [lately] }));
    sheet.intoFolder(picked);
    expect(sheet.folders).toEqual([picked, lately]);
    expect(sheet.request?.into).toEqual({ type: 'folder', folder: 'f2' });
    sheet.intoFolder(lately);
    expect(sheet.folders).toHaveLength(2);
    sheet.intoCache();
    expect(sheet.request?.into).toEqual({ type: 'cache' });
  });

  it('may replace files only for the request a person has agreed to', () => {
    const sheet = opened();
    sheet.intoFolder(picked);
    sheet.mayOverwrite = true;
    expect(sheet.mayOverwrite).toBe(true);
    sheet.choose('patterns');
    expect(sheet.mayOverwrite).toBe(false);
  });
});

it('says how much room is missing', () => {
  const plan = { bytesSpace: 100, bytesFree: 60 } as DownloadPlan;
  expect(missingRoom(plan)).toBe(40);
  expect(missingRoom({ ...plan, bytesFree: 100 })).toBe(0);
});
