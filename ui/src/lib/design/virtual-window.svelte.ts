/** In pixels: what is drawn beyond each edge, so that fast scrolling and the Tab key find it ready. */
const OVERSCAN = 240;

const NONE_TALLER: ReadonlyMap<number, number> = new Map();

/** Which of many rows are worth drawing: rows of one height, a few of which may be taller. */
export class VirtualWindow {
  scrollTop = $state(0);
  height = $state(0);

  constructor(
    private readonly ofRow: () => number,
    private readonly rowCount: () => number,
    /** By how many pixels which rows are taller than the others. */
    private readonly taller: () => ReadonlyMap<number, number> = () => NONE_TALLER,
  ) {}

  readonly #taller = $derived.by(() =>
    [...this.taller()]
      .filter(([row]) => row < this.rowCount())
      .toSorted(([row], [other]) => row - other),
  );

  get rowHeight(): number {
    return this.ofRow();
  }

  get #beyond(): number {
    return Math.ceil(OVERSCAN / this.rowHeight);
  }

  get totalHeight(): number {
    return this.topOf(this.rowCount());
  }

  /** The first row drawn. */
  get first(): number {
    const row = this.rowAt(this.scrollTop) - this.#beyond;
    // The list may have become shorter than the place scrolled to.
    return Math.max(0, Math.min(row, this.rowCount() - 1));
  }

  /** One past the last row drawn. */
  get end(): number {
    const row = this.rowAt(this.scrollTop + this.height - 1) + 1 + this.#beyond;
    return Math.max(0, Math.min(row, this.rowCount()));
  }

  /** Where a row begins, in pixels from the top. */
  topOf(row: number): number {
    const above = this.#taller.filter(([other]) => other < row);
    return row * this.rowHeight + above.reduce((sum, [, more]) => sum + more, 0);
  }

  /** The row that is there, in pixels from the top; also beyond the last one. */
  rowAt(top: number): number {
    let above = 0;
    for (const [row, more] of this.#taller) {
      const end = (row + 1) * this.rowHeight + above + more;
      if (top < end - more) break;
      if (top < end) return row;
      above += more;
    }
    return Math.floor((top - above) / this.rowHeight);
  }

  /** Where to scroll so that a row is in sight; where it is, if it already is. */
  scrollTopToShow(row: number): number {
    const top = this.topOf(row);
    if (top < this.scrollTop) return top;
    const below = this.topOf(row + 1) - this.height;
    // Of one that is taller than the window, the beginning is what to see.
    return below > this.scrollTop ? Math.min(below, top) : this.scrollTop;
  }

  /** Rows that fit on a page, for the Page Up and Page Down keys. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
  }
}
