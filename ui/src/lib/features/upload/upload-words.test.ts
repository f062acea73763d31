import { describe, expect, it } from 'vitest';
import type { UploadFinding, UploadPlan } from '$lib/api/bindings';
import { kindsOf, lookedAt, obstacle, planFacts } from './upload-words';

const plan = (also: Partial<UploadPlan> = {}): UploadPlan => ({
  base: 'a'.repeat(40),
  counts: [
    { fate: 'new', files: 1200, bytes: 3_100_000 },
    { fate: 'leftOut', files: 2, bytes: 0 },
  ],
  filesToSend: 1200,
  bytesToSend: 3_100_000,
  commits: 4,
  findings: [],
  findingsTotal: also.findings?.length ?? 0,
  ...also,
});

const secret = (path: string): UploadFinding => ({
  kind: 'secret',
  path,
  message: `${path} holds a token.`,
  hint: '',
  isBlocking: true,
});
const advice: UploadFinding = {
  kind: 'advice',
  path: null,
  message: 'Many files.',
  hint: '',
  isBlocking: false,
};
const tooLong: UploadFinding = { ...secret('w.bin'), kind: 'tooLong' };

it('says in numbers what would be done', () => {
  expect(planFacts(plan()).map(({ value }) => value)).toEqual(['1,200 files, 3.1 MB', '4']);
  const nothing = plan({ filesToSend: 0, bytesToSend: 0, commits: 0 });
  expect(planFacts(nothing).map(({ value }) => value)).toEqual(['Nothing', 'None']);
  const counts = [{ fate: 'removed', files: 3, bytes: 0 } as const];
  expect(planFacts(plan({ counts })).at(-1)).toEqual({ name: 'To delete', value: '3 files' });
});

it('offers the kinds of files there are', () => {
  expect(kindsOf(plan()).map(({ label }) => label)).toEqual([
    'All 1,202',
    'New 1,200',
    'Stays here 2',
  ]);
});

it('says how far it has looked', () => {
  const looking = { type: 'looking', stage: 'reading', filesDone: 1, bytesDone: 2e9 } as const;
  expect(lookedAt({ ...looking, filesTotal: 0, bytesTotal: 0 })).toBe('');
  expect(lookedAt({ ...looking, filesTotal: 5, bytesTotal: 4e9 })).toBe(
    '1 of 5 files, 2.0 GB of 4.0 GB',
  );
});

describe('what is in the way', () => {
  it('is every secret that is not acknowledged by itself', () => {
    const findings = [secret('.env'), secret('key.pem'), advice];
    expect(obstacle(plan({ findings }), [])).toMatch(/^Decide about 2 secrets/);
    expect(obstacle(plan({ findings }), ['.env'])).toMatch(/^Decide about 1 secret:/);
    expect(obstacle(plan({ findings }), ['.env', 'key.pem'])).toBe('');
  });

  it('is a file that cannot be sent, whatever is said about it', () => {
    expect(obstacle(plan({ findings: [tooLong] }), [])).toMatch(/^Leave out 1 file/);
  });

  it('is what nobody has seen', () => {
    const cut = plan({ findings: [secret('.env')], findingsTotal: 2 });
    expect(obstacle(cut, ['.env'])).toMatch(/^Leave out more/);
    const seen = plan({ findings: [secret('.env'), advice], findingsTotal: 3 });
    expect(obstacle(seen, ['.env'])).toBe('');
  });

  it('is that there is nothing to do, unless something is to be deleted', () => {
    const none = { filesToSend: 0, counts: [{ fate: 'same', files: 3, bytes: 9 } as const] };
    expect(obstacle(plan(none), [])).toMatch(/^There is nothing to upload/);
    const removed = { fate: 'removed', files: 1, bytes: 0 } as const;
    expect(obstacle(plan({ ...none, counts: [removed] }), [])).toBe('');
  });
});
