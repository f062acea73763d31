import type { Locator } from "@playwright/test";
import { expect, type Page } from "./fixtures";

/** Waits for an element, and presses Tab until it has the keys. */
export async function tabTo(page: Page, target: Locator, key = "Tab"): Promise<void> {
  await target.waitFor();
  await pressUntil(page, key, target);
}

/** Presses a key until the element has the keys, and looks whether one can see that it has them. */
export async function pressUntil(page: Page, key: string, target: Locator): Promise<void> {
  const hasFocus = () => target.evaluate((element) => element === document.activeElement);
  for (let pressed = 0; !(await hasFocus()); pressed += 1) {
    expect(pressed, `${key} does not lead to ${target}`).toBeLessThan(60);
    await page.keyboard.press(key);
  }
  const isMarked = await target.evaluate((element) => {
    const row = element.querySelector(".active") ?? element;
    const styles = [getComputedStyle(row), getComputedStyle(row, "::after")];
    return styles.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && outlineWidth !== "0px");
  });
  expect(isMarked, `${target} shows no focus`).toBe(true);
}
