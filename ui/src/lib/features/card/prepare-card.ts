import { headingLevels } from './card-links';

/** Makes a card's text pleasant to walk through with keys and a screen reader. */
export function prepareCard(card: HTMLElement): void {
  const headings = [...card.querySelectorAll('h1, h2, h3, h4, h5, h6')];
  const levels = headingLevels(headings.map((heading) => Number(heading.tagName[1])));
  headings.forEach((heading, index) => {
    heading.setAttribute('role', 'heading');
    heading.setAttribute('aria-level', String(levels[index] ?? 2));
  });
  // Wide code and tables scroll by themselves, so they have to be reachable by keys.
  for (const wide of card.querySelectorAll('pre, table')) wide.setAttribute('tabindex', '0');
  // The box of a task list has no name of its own; its line says what it is about.
  for (const box of card.querySelectorAll('input')) {
    box.setAttribute('aria-label', box.parentElement?.textContent.trim() || 'Task');
  }
}
