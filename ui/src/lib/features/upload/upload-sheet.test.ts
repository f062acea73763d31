import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KnownSource, UploadFinding, UploadPlan, UploadTargets } from '$lib/api/bindings';
import type { Place } from './place';
import { UploadSheet } from './upload-sheet.svelte';

const file: KnownSource = { id: 's1', name: 'a.txt', path: '/a.txt', isFolder: false, bytes: 3 };
const folder: KnownSource = { id: 's2', name: 'run', path: '/run', isFolder: true, bytes: 0 };
const targets: UploadTargets = {
  owners: ['mira', 'lab'],
  repos: ['mira/m'],
  cannotWrite: null,
  cannotCreate: null,
};
const place: Place = { repo: { kind: 'model', name: 'mira/m' }, branch: 'main', folder: 'data' };
const secret: UploadFinding = {
  kind: 'secret',
  path: '.env',
  message: '.env holds a token.',
  hint: '',
  isBlocking: true,
};
const plan = { base: 'c0ffee', findings: [secret] } as unknown as UploadPlan;

function opened(sources: KnownSource[] = [file], at: Place | null = place) {
  const sheet = new UploadSheet();
  sheet.open(at ?? undefined, sources);
  sheet.takeTargets(targets);
  return sheet;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('where an upload goes', () => {
  it('is the place on screen', () => {
    expect(opened([file, folder]).request).toEqual({
      repo: place.repo,
      create: null,
      onto: { type: 'branch', name: 'main', create: false },
      sources: [
        { source: 's1', to: 'data/a.txt' },
        { source: 's2', to: 'data/run' },
      ],
      include: [],
      exclude: [],
      leaveOutJunk: true,
      leaveOutIgnored: true,
      remove: null,
    });
  });

  it('is to be chosen elsewhere', () => {
    const sheet = opened([file], null);
    expect([sheet.request, sheet.lacks]).toEqual([undefined, 'Choose a repository.']);
    sheet.chooseRepo('lab/x');
    expect(sheet.request?.repo).toEqual({ kind: 'model', name: 'lab/x' });
    sheet.kind = 'dataset';
    sheet.takeTargets(targets);
    expect(sheet.lacks, 'a name of one kind is none of another').toBe('Choose a repository.');
  });

  it('is a pull request by itself where others decide', () => {
    const sheet = opened();
    expect(sheet.onto).toBe('branch');
    sheet.chooseRepo('others/m');
    expect(sheet.request?.onto).toEqual({ type: 'pullRequest' });
    sheet.onto = 'branch';
    expect(sheet.request?.onto).toEqual({ type: 'branch', name: 'main', create: false });
  });

  it('may be a branch that is to be made', () => {
    const sheet = opened();
    sheet.onto = 'newBranch';
    expect(sheet.request).toBeUndefined();
    sheet.typed.branch = ' next ';
    sheet.settle();
    expect(sheet.request?.onto).toEqual({ type: 'branch', name: 'next', create: true });
  });

  it('is a new repository that only its owner sees, unless a person says otherwise', () => {
    const sheet = opened([folder]);
    sheet.where = 'new';
    sheet.typed.folder = '';
    sheet.settle();
    expect(sheet.request).toBeUndefined();
    sheet.typed.name = 'fresh';
    sheet.settle();
    expect(sheet.request).toMatchObject({
      repo: { name: 'mira/fresh' },
      create: { visibility: 'private', sdk: null },
      onto: { type: 'branch', name: 'main', create: false },
      sources: [{ source: 's2', to: '' }],
    });
    sheet.owner = 'lab';
    sheet.visibility = 'public';
    expect(sheet.request).toMatchObject({
      repo: { name: 'lab/fresh' },
      create: { visibility: 'public' },
    });
  });

  it('says with what a Space is made, and what only one can be is forgotten', () => {
    const sheet = opened();
    sheet.where = 'new';
    sheet.kind = 'space';
    sheet.takeTargets(targets);
    sheet.typed.name = 'app';
    sheet.settle();
    sheet.visibility = 'protected';
    expect(sheet.request?.create).toEqual({ visibility: 'protected', sdk: 'gradio' });
    sheet.kind = 'model';
    expect(sheet.visibility).toBe('private');
  });

  it('can be made when it was not found', () => {
    const sheet = opened();
    sheet.chooseRepo('lab/missing');
    sheet.create();
    expect(sheet.request).toMatchObject({ repo: { name: 'lab/missing' }, create: { sdk: null } });
  });

  it('is not asked about with a sign-in that cannot write', () => {
    const sheet = opened();
    sheet.takeTargets({ ...targets, cannotWrite: 'It may only read.' });
    expect(sheet.request).toBeUndefined();
    sheet.takeTargets({ ...targets, cannotCreate: 'It may not create.' });
    expect(sheet.request).toBeDefined();
    sheet.where = 'new';
    expect(sheet.lacks).toBe('It may not create.');
  });
});

describe('what is uploaded', () => {
  it('follows what is typed when nothing was typed for a moment', () => {
    const sheet = opened();
    sheet.typed.include = '*.json';
    sheet.type();
    vi.advanceTimersByTime(300);
    sheet.typed.include = '*.json *.md';
    sheet.type();
    vi.advanceTimersByTime(300);
    expect(sheet.request?.include).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(sheet.request?.include).toEqual(['*.json', '*.md']);
  });

  it('deletes only below the folder, and only when that is asked for', () => {
    const sheet = opened();
    sheet.typed.remove = '*.bin';
    sheet.settle();
    expect(sheet.request?.remove).toEqual({ below: 'data', patterns: ['*.bin'] });
  });

  it('grows with what is dropped later, and shrinks', () => {
    const sheet = opened();
    sheet.add([file, folder]);
    expect(sheet.sources).toHaveLength(2);
    sheet.take('s1');
    sheet.take('s2');
    expect([sheet.request, sheet.lacks]).toEqual([
      undefined,
      'Choose files or a folder to upload.',
    ]);
  });

  it('is without what was left out, until that is taken along again', () => {
    const sheet = opened([folder]);
    sheet.leaveOut('data/run/.env');
    expect(sheet.request?.exclude).toEqual(['.env']);
    sheet.takeAlong('.env');
    expect(sheet.request?.exclude).toEqual([]);
  });

  it('is nothing while it is closed, and begins anew', () => {
    const sheet = opened();
    sheet.title = 'x';
    sheet.visibility = 'public';
    sheet.close();
    expect(sheet.request).toBeUndefined();
    sheet.open(undefined);
    expect([sheet.title, sheet.visibility, sheet.sources]).toEqual(['', 'private', []]);
  });
});

describe('a secret', () => {
  it('goes out only when it is acknowledged by itself', () => {
    const sheet = opened();
    const { request } = sheet;
    if (!request) throw new Error('nothing is asked');
    expect(sheet.begin(request, plan)).toMatchObject({ acknowledged: [], expect: 'c0ffee' });
    sheet.acknowledge(secret, true);
    expect(sheet.begin(request, plan).acknowledged).toEqual(['.env']);
    sheet.acknowledge(secret, false);
    expect(sheet.acknowledged(plan)).toEqual([]);
  });

  it('is acknowledged for one place, and as what it was', () => {
    const sheet = opened();
    sheet.acknowledge(secret, true);
    const other = { ...secret, message: '.env is or holds a private key.' };
    expect(sheet.isAcknowledged(other)).toBe(false);
    sheet.chooseRepo('lab/x');
    expect(sheet.isAcknowledged(secret)).toBe(false);
    sheet.chooseRepo('mira/m');
    expect(sheet.isAcknowledged(secret)).toBe(true);
  });
});
