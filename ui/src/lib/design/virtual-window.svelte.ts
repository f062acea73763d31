/** Rows drawn beyond each edge, so that fast scrolling and the Tab key find them ready. */
const OVERSCAN = 8;

/** Which of many rows of one height are worth drawing. */
export class VirtualWindow {
  scrollTop = $state(0);
  height = $state(0);

  constructor(
    readonly rowHeight: number,
    private readonly rowCount: () => number,
  ) {}

  get totalHeight(): number {
    return this.rowCount() * this.rowHeight;
  }

  /** The first row drawn. */
  get first(): number {
    const row = Math.floor(this.scrollTop / this.rowHeight) - OVERSCAN;
    // The list may have become shorter than the place scrolled to.
    return Math.max(0, Math.min(row, this.rowCount() - 1));
  }

  /** One past the last row drawn. */
  get end(): number {
    const row = Math.ceil((this.scrollTop + this.height) / this.rowHeight) + OVERSCAN;
    return Math.max(0, Math.min(row, this.rowCount()));
  }

  /** Where to scroll so that a row is in sight; where it is, if it already is. */
  scrollTopToShow(row: number): number {
    const top = row * this.rowHeight;
    if (top < this.scrollTop) return top;
    const below = top + this.rowHeight - this.height;
    return below > this.scrollTop ? below : this.scrollTop;
  }

  /** Rows that fit on a page, for the Page Up and Page Down keys. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
  }
}
