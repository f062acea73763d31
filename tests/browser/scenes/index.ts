import { accounts, signingIn } from "./accounts";
import { anonymous, closed, offline, welcome } from "./doors";
import { discover } from "./discover";
import { gates } from "./gate";
import { networks } from "./network";
import { other } from "./other";
import { queues } from "./queue";
import { download, repository } from "./repository";
import type { Act } from "./act";
import { transferSettings } from "./transfer-settings";
import { transfers } from "./transfers";
import { uploadSheet } from "./upload-sheet";
import { uploads } from "./uploads";

export { limitMs, play, type Act } from "./act";

/** Every screen in every state. */
export const acts: Record<string, Act> = {
  welcome,
  signingIn,
  closed,
  offline,
  anonymous,
  discover,
  repository,
  download,
  transfers,
  uploads,
  uploadSheet,
  queues,
  transferSettings,
  accounts,
  gates,
  networks,
  other,
};
