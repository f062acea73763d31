import type {
  FateCount,
  FileFate,
  PreviewStage,
  UploadFinding,
  UploadPlan,
  UploadPreview,
} from '$lib/api/bindings';
import type { Fact } from '$lib/design/Facts.svelte';
import { bytes, exactBytes } from '$lib/format/bytes';
import { counted, exactCount } from '$lib/format/counts';

/** What becomes of a file, in a word or two. */
export const FATES: Record<FileFate, string> = {
  new: 'New',
  changed: 'Changed',
  same: 'Already there',
  ignored: 'Not taken',
  leftOut: 'Stays here',
  removed: 'Deleted',
};

const STAGES: Record<PreviewStage, string> = {
  walking: 'Looking at what there is…',
  listing: 'Asking the Hub what is there…',
  reading: 'Comparing files…',
};

type Looking = Extract<UploadPreview, { type: 'looking' }>;

export const stageWords = ({ stage }: Looking): string => STAGES[stage];

/** How far it is: `1,200 of 100,000 files, 3.1 MB of 12 GB`; empty while that is not known. */
export function lookedAt({ filesDone, filesTotal, bytesDone, bytesTotal }: Looking): string {
  if (filesTotal === 0) return '';
  const read = bytesTotal === 0 ? '' : `, ${bytes(bytesDone)} of ${bytes(bytesTotal)}`;
  return `${exactCount(filesDone)} of ${counted(filesTotal, 'file')}${read}`;
}

/** What an upload would do, in numbers. */
export function planFacts(plan: UploadPlan): Fact[] {
  const facts: Fact[] = [
    {
      name: 'To send',
      value:
        plan.filesToSend === 0
          ? 'Nothing'
          : `${counted(plan.filesToSend, 'file')}, ${bytes(plan.bytesToSend)}`,
      exact: exactBytes(plan.bytesToSend),
    },
    {
      name: 'Commits',
      value: plan.commits === 0 ? 'None' : exactCount(plan.commits),
      exact: 'More of them if the Hub asks for smaller ones',
    },
  ];
  const removed = filesOf(plan, 'removed');
  if (removed > 0) facts.push({ name: 'To delete', value: counted(removed, 'file') });
  return facts;
}

export function filesOf({ counts }: UploadPlan, fate: FileFate): number {
  return counts.find((count) => count.fate === fate)?.files ?? 0;
}

/** The kinds of files there are, for choosing which to look at; `null` is all of them. */
export function kindsOf({ counts }: UploadPlan): { fate: FileFate | null; label: string }[] {
  const all = counts.reduce((sum, { files }) => sum + files, 0);
  const one = ({ fate, files }: FateCount) => ({
    fate,
    label: `${FATES[fate]} ${exactCount(files)}`,
  });
  return [{ fate: null, label: `All ${exactCount(all)}` }, ...counts.map(one)];
}

/** Whether the file can stay here, so that the finding is dealt with. */
export const canBeLeftOut = ({ kind }: UploadFinding): boolean =>
  kind === 'secret' || kind === 'tooLong';

/** What is in the way of starting; empty when nothing is. */
export function obstacle(plan: UploadPlan, acknowledged: readonly string[]): string {
  const known = new Set(acknowledged);
  const open = plan.findings.filter((one) => one.isBlocking && !known.has(one.path ?? ''));
  const secrets = open.filter(({ kind }) => kind === 'secret').length;
  if (secrets > 0) {
    return `Decide about ${counted(secrets, 'secret')}: leave ${secrets === 1 ? 'it' : 'each'} out, or say that ${secrets === 1 ? 'it' : 'each'} may be published.`;
  }
  if (open.length > 0)
    return `Leave out ${counted(open.length, 'file')} that the Hub does not take.`;
  // What is beyond the list may be a secret as well.
  const isCut = plan.findings.length < plan.findingsTotal;
  if (isCut && plan.findings.every(({ isBlocking }) => isBlocking)) {
    return `Leave out more: ${exactCount(plan.findingsTotal)} findings are too many to decide one by one.`;
  }
  if (plan.filesToSend === 0 && filesOf(plan, 'removed') === 0) {
    return 'There is nothing to upload: the repository has all of it.';
  }
  return '';
}
