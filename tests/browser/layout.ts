import type { Page } from "@playwright/test";

/** What reaches over an edge of the window at the side, and what scrolls sideways though it should not. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = (element: Element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (left < -0.5 || right > innerWidth + 0.5);
    };
    // Code and tables of a card scroll by themselves.
    const own = (element: Element) => element.closest("pre, table, .sr-only, .skip, .scrim") !== null;
    const scrolls = (element: Element) =>
      element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible";
    const cut = (element: Element) => getComputedStyle(element).textOverflow === "ellipsis";
    return [...document.querySelectorAll("body *")]
      .filter((element) => !own(element) && (wide(element) || (scrolls(element) && !cut(element))))
      .filter((element) => element.clientWidth > 1)
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Controls that cannot be brought into the window. */
export function unreachable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // While a dialog is open, what lies behind it is not in use.
    const front = document.querySelector("[role=dialog]:not([aria-label=Revision])") ?? document;
    const places = [...document.querySelectorAll("*")].map((element) => [element, element.scrollTop] as const);
    const lost = [...front.querySelectorAll<HTMLElement>("a, button, input, [role=treeitem], [role=menuitem]")]
      .filter((element) => element.checkVisibility() && !element.matches(".skip"))
      .filter((element) => {
        element.scrollIntoView({ block: "center" });
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return left < 0 || top < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5;
      })
      .map((element) => element.outerHTML.slice(0, 120));
    for (const [element, place] of places) element.scrollTop = place;
    return lost;
  });
}
