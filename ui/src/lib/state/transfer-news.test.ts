import { expect, it } from 'vitest';
import type { TransferState } from '$lib/api/bindings';
import { transfer } from './fake-transfers';
import { newsOf } from './transfer-news';

const step = (name: string, was: TransferState, is: TransferState) => ({
  before: transfer({ state: was }),
  now: transfer({ state: is, title: name }),
});

const news = (...steps: ReturnType<typeof step>[]) => newsOf(steps, ({ title }) => title);

it('says what has ended and what needs somebody, and nothing of what goes on', () => {
  expect(news(step('a', 'running', 'done'))).toBe('Download of a is done');
  expect(news(step('a', 'running', 'failed'), step('b', 'queued', 'blocked'))).toBe(
    'Download of a has failed. Download of b needs you',
  );
  expect(news(step('a', 'queued', 'running'), step('b', 'running', 'paused'))).toBe('');
  expect(news(step('a', 'done', 'done'))).toBe('');
});

it('calls an upload one', () => {
  const up = ({ before, now }: ReturnType<typeof step>) => ({
    before,
    now: { ...now, kind: 'upload' } as const,
  });
  expect(news(up(step('a', 'running', 'done')))).toBe('Upload of a is done');
  const many = ['a', 'b', 'c'].map((name) => up(step(name, 'running', 'done')));
  expect(news(...many)).toBe('3 uploads have ended, or need you');
  expect(news(...many, step('d', 'running', 'failed'))).toBe('4 transfers have ended, or need you');
});

it('counts what is too much to listen to', () => {
  const many = ['a', 'b', 'c'].map((name) => step(name, 'running', 'done'));
  expect(news(...many)).toBe('3 downloads have ended, or need you');
});
