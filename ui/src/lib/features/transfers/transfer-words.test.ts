import { describe, expect, it } from 'vitest';
import type { BlockReason, TransferState } from '$lib/api/bindings';
import { transfer } from '$lib/state/fake-transfers';
import { TransferRow } from '$lib/state/transfer-board.svelte';
import { transferFacts } from './transfer-facts';
import { about, chosenWords, look, numbers, obstacle, standing, way } from './transfer-words';

const progress = (also: Parameters<typeof transfer>[0]) => new TransferRow(transfer(also)).progress;

describe('a transfer in words', () => {
  it('says all its numbers while it runs', () => {
    expect(standing(transfer())).toBe('Downloading');
    expect(numbers(transfer())).toBe('1.2 GB of 4.9 GB, 3 of 12 files, 42.0 MB/s, 2 min left');
    expect(progress({})).toBeCloseTo(0.245, 3);
  });

  it('does not guess before its size is known', () => {
    const early = transfer({
      stage: 'listing',
      bytesTotal: 0,
      bytesDone: 0,
      filesTotal: 0,
      filesDone: 0,
      bytesPerSecond: 0,
      secondsLeft: null,
    });
    expect(standing(early)).toBe('Listing files');
    expect(numbers(early)).toBe('');
    expect(progress(early)).toBeNull();
  });

  it('says what there is when it is done, since when, and no speed', () => {
    const endedAt = new Date(Date.now() - 7_200_000).toISOString();
    const done = transfer({ state: 'done', bytesDone: 4_900_000_000, filesDone: 12, endedAt });
    expect(standing(done)).toBe('Done');
    expect(numbers(done)).toBe('4.9 GB, 12 files, 2 hours ago');
    expect(progress(done)).toBe(1);
  });

  it('is done even when nothing had to be fetched', () => {
    expect(progress({ state: 'done', bytesTotal: 0, bytesDone: 0 })).toBe(1);
  });

  it('keeps how far it came when it stops', () => {
    expect(numbers(transfer({ state: 'cancelled' }))).toBe('1.2 GB of 4.9 GB, 3 of 12 files');
    expect(progress({ state: 'failed', bytesTotal: 0 })).toBe(0);
  });

  it('promises no end while it waits', () => {
    const waits = transfer({ stage: 'waiting', waitingFor: 'the connection, which failed' });
    expect(numbers(waits)).toBe('1.2 GB of 4.9 GB, 3 of 12 files');
  });

  it('names what it waits for, and when it tries again', () => {
    const waiting = transfer({ state: 'waiting', waitingFor: 'the network' });
    expect(obstacle(waiting)).toBe('Waiting for the network');
    const later = { ...waiting, waitsUntil: '2026-01-02T14:05:00' };
    expect(obstacle(later, new Date('2026-01-02T14:00:00'))).toBe(
      'Waiting for the network; tries again at 14:05',
    );
    expect(obstacle(later, new Date('2026-01-01T14:00:00'))).toMatch(/at Fri,? 14:05$/);
    expect(obstacle({ ...waiting, state: 'paused' })).toBe('');
  });

  it('says for each reason what a person has to do', () => {
    const reasons: BlockReason[] = [
      'signedOut',
      'gated',
      'noSpace',
      'conflict',
      'readOnly',
      'volumeGone',
      'newerRequest',
    ];
    const words = reasons.map((blocked) => obstacle(transfer({ state: 'blocked', blocked })));
    expect(new Set(words).size).toBe(reasons.length);
    expect(words).not.toContain('');
  });

  it('has a word for each state', () => {
    const states: TransferState[] = ['queued', 'paused', 'waiting', 'blocked', 'failed'];
    const words = states.map((state) => standing(transfer({ state })));
    expect(words).toEqual(['Queued', 'Paused', 'Waiting', 'Needs you', 'Failed']);
    expect(look(transfer({ state: 'blocked' }))).toBe('attention');
    expect(look(transfer({ state: 'queued' }))).toBe('stopped');
  });

  it('says what was chosen, and from where to where it goes', () => {
    expect(chosenWords({ type: 'files', count: 1 })).toBe('1 file');
    expect(chosenWords({ type: 'patterns', include: ['*.json', '*.md'], exclude: ['x'] })).toBe(
      '*.json *.md, not x',
    );
    expect(chosenWords({ type: 'variant', name: 'Q4_K_M' })).toBe('Q4_K_M');
    expect(way(transfer())).toBe('hub.example → shared cache');
    expect(way(transfer({ into: { type: 'folder', path: '/m' } }))).toBe('hub.example → /m');
  });
});

describe('an upload in words', () => {
  const upload = (also: Parameters<typeof transfer>[0] = {}) =>
    transfer({
      kind: 'upload',
      stage: 'sending',
      chosen: { type: 'sources', paths: ['/home/mira/up'], count: 1 },
      into: { type: 'repo', isPullRequest: false },
      ...also,
    });

  it('says what it is doing', () => {
    const stages = ['walking', 'listing', 'reading', 'sending', 'committing'] as const;
    const words = stages.map((stage) => standing(upload({ stage })));
    expect(words).toEqual([
      'Looking at files',
      'Asking the Hub',
      'Reading files',
      'Sending',
      'Committing',
    ]);
  });

  it('says what goes where', () => {
    expect(about(upload())).toBe('Model, onto main, /home/mira/up');
    expect(way(upload())).toBe('this computer → a/b at hub.example');
    const pull = upload({
      into: { type: 'repo', isPullRequest: true },
      chosen: { type: 'sources', paths: ['/a', '/b'], count: 2 },
    });
    expect(about(pull)).toBe('Model, by a pull request, 2 files and folders');
    expect(way(pull)).toBe('this computer → a pull request to a/b at hub.example');
    expect(about(transfer())).toBe('Model at main, everything');
  });

  it('says otherwise than of a download what is in its way', () => {
    const blocked = (reason: BlockReason, kind: 'upload' | 'download') =>
      obstacle(transfer({ kind, state: 'blocked', blocked: reason }));
    expect(blocked('conflict', 'upload')).toBe('Others have changed the same files');
    expect(blocked('conflict', 'download')).toBe('Other files are in the way');
    expect(blocked('secret', 'upload')).toBe('A file looks like a secret');
    expect(blocked('signedOut', 'upload')).toBe(blocked('signedOut', 'download'));
  });

  it('tells its sources and target as facts', () => {
    const facts = transferFacts(
      upload({ chosen: { type: 'sources', paths: ['/a', '/b'], count: 5 } }),
    );
    expect(facts[0]).toEqual({ name: 'What', value: '/a, /b, 3 others', is: 'path' });
    expect(facts[1]).toEqual({ name: 'Onto', value: 'main' });
  });
});
