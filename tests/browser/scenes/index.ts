import { anonymous, closed, offline, welcome } from "./doors";
import { discover } from "./discover";
import { other } from "./other";
import { download, repository } from "./repository";
import type { Act } from "./act";
import { transfers } from "./transfers";

export { play, type Act } from "./act";

/** Every screen in every state. */
export const acts: Record<string, Act> = {
  welcome,
  closed,
  offline,
  anonymous,
  discover,
  repository,
  download,
  transfers,
  other,
};
