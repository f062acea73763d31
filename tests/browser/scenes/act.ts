import { test, type App, type Page, type Stage } from "../fixtures";

/** Leads from anywhere to one state of one screen. */
export type Scene = (page: Page, app: App) => Promise<void>;

/** Scenes that are played one after the other in the same world. */
export interface Act {
  /** Makes the world, and leads to its first screen. */
  open: (stage: Stage) => Promise<App>;
  /** By name: the screen, a dash, the state. */
  scenes: Record<string, Scene>;
}

/** How long an act may take on a busy machine, in milliseconds. */
export const limitMs = ({ scenes }: Act) => 30_000 + 10_000 * Object.keys(scenes).length;

/** Plays every scene of an act; `look` is called in each. */
export async function play(act: Act, stage: Stage, look: (name: string) => Promise<void>): Promise<void> {
  await stage.page.emulateMedia({ reducedMotion: "reduce" });
  const app = await act.open(stage);
  for (const [name, scene] of Object.entries(act.scenes)) {
    await test.step(name, async () => {
      await scene(stage.page, app);
      await look(name);
      await stage.page.unrouteAll({ behavior: "ignoreErrors" });
    });
  }
}
