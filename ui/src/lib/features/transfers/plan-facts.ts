import type { DownloadPlan } from '$lib/api/bindings';
import type { Fact } from '$lib/design/Facts.svelte';
import { bytes, exactBytes } from '$lib/format/bytes';
import { counted } from '$lib/format/counts';
import { missingRoom } from './download-sheet.svelte';

/** What a download would do, in numbers. */
export function planFacts(plan: DownloadPlan, revision: string): Fact[] {
  const left = Math.max(0, plan.bytesFree - plan.bytesSpace);
  const room: Fact = {
    name: 'Free space left after',
    value: `${bytes(left)} on ${plan.volume}`,
    exact: exactBytes(left),
  };
  const isAllHere = plan.bytesToFetch === 0 && plan.filesHere === plan.files;
  const requests = counted(plan.requests, 'request');
  const toFetch = isAllHere
    ? 'Nothing: all of it is here'
    : `${bytes(plan.bytesToFetch)}, at most ${requests}`;
  return [
    {
      name: 'Revision',
      value: `${revision}, at ${plan.commit.slice(0, 7)}`,
      exact: `Commit ${plan.commit}`,
    },
    {
      name: 'Files',
      value: `${counted(plan.files, 'file')}, ${bytes(plan.bytes)}`,
      exact: exactBytes(plan.bytes),
    },
    {
      name: 'Already here',
      value: plan.filesHere === 0 ? 'None' : counted(plan.filesHere, 'file'),
    },
    {
      name: 'To fetch',
      value: plan.files === 0 ? 'Nothing' : toFetch,
      exact: exactBytes(plan.bytesToFetch),
    },
    { name: 'Space needed', value: bytes(plan.bytesSpace), exact: exactBytes(plan.bytesSpace) },
    missingRoom(plan) > 0 ? { ...room, value: 'None', is: 'obstacle' } : room,
    { name: 'Folder', value: plan.folder, is: 'path' },
  ];
}
