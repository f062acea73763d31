import type { Status } from '$lib/api/bindings';
import { exactCount } from '$lib/format/counts';

/** How many transfers are how far: `3 running, 12 queued, 1 needs you, 5 ended`. */
export function tallyWords(status: Status, ended: number): string {
  const { running, queued, waiting, paused, needsYou } = status;
  const parts: [number, string][] = [
    [running, 'running'],
    [queued, 'queued'],
    [waiting, 'waiting'],
    [paused, 'paused'],
    [needsYou, needsYou === 1 ? 'needs you' : 'need you'],
    [ended, 'ended'],
  ];
  const some = parts.filter(([number]) => number > 0);
  return some.map(([number, word]) => `${exactCount(number)} ${word}`).join(', ');
}
